/** A file that came with a request and now lies in the gateway's own folder, readable by nobody else. */
export interface UploadedFile {
  /** Absolute path. The file goes when the request has been answered or given up; what must live longer is prepared first. */
  readonly path: string
  /** As the caller named it, without folders, in whatever characters; '' when it has no name. */
  readonly fileName: string
  /** The content type that the caller claims; '' when none. Nothing is decided by it. */
  readonly claimedType: string
  readonly sizeBytes: number
  /** 64 hex digits. */
  readonly sha256: string
}
