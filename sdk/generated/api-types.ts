// Made by scripts/generate-docs.ts; change the routes, or src/core/error-codes.ts.
export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the gateway works */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["livez"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether everything that the gateway needs works, check by check */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** About this gateway */
        get: operations["appInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/statics/qrcode/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The picture of a QR code, as named by a login */
        get: operations["qrCodePicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List all devices, oldest first */
        get: operations["listDevices"];
        put?: never;
        /** Add a device */
        post: operations["addDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{device_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a device */
        get: operations["getDevice"];
        put?: never;
        post?: never;
        /** Forget a device and everything kept of it; it stays linked on the phone */
        delete: operations["removeDevice"];
        options?: never;
        head?: never;
        /** Name a device for people; its id stays */
        patch: operations["renameDevice"];
        trace?: never;
    };
    "/devices/{device_id}/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Unlink a device; its slot and history stay */
        post: operations["logoutDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{device_id}/reconnect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Connect a device anew */
        post: operations["reconnectDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{device_id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show what a device’s connection is doing */
        get: operations["getDeviceStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List all devices by name */
        get: operations["appDevices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show what the device’s connection is doing */
        get: operations["appStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Unlink the device; its slot and history stay
         * @deprecated
         */
        get: operations["appLogout"];
        put?: never;
        /** Unlink the device; its slot and history stay */
        post: operations["logOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/reconnect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Connect the device anew
         * @deprecated
         */
        get: operations["appReconnect"];
        put?: never;
        /** Connect the device anew */
        post: operations["reconnect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{device_id}/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the webhook that a device has in place of the global ones */
        get: operations["getDeviceWebhook"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Give a device a webhook in place of the global ones, or take it away */
        patch: operations["updateDeviceWebhook"];
        trace?: never;
    };
    "/devices/{device_id}/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the webhook endpoints of a device, oldest first */
        get: operations["listDeviceWebhooks"];
        put?: never;
        /** Add a webhook endpoint to a device, beside all others */
        post: operations["createDeviceWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{device_id}/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a webhook endpoint of a device */
        get: operations["getDeviceWebhookEndpoint"];
        put?: never;
        post?: never;
        /** Take a webhook endpoint of a device away, with its deliveries */
        delete: operations["removeDeviceWebhook"];
        options?: never;
        head?: never;
        /** Change a webhook endpoint of a device; what is not named stays */
        patch: operations["updateDeviceWebhookEndpoint"];
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List every webhook endpoint of the gateway, those of its settings included */
        get: operations["listWebhooks"];
        put?: never;
        /** Add a webhook endpoint for the events of all devices, beside all others */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a webhook endpoint */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /** Take a webhook endpoint of all devices or of one away, with its deliveries */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        /** Change a webhook endpoint of all devices or of one; what is not named stays */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List deliveries of events to webhooks, newest first */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{webhook_id}/{event_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a delivery with all its tries */
        get: operations["getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{webhook_id}/{event_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a delivery again, under the same event id */
        post: operations["retryDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deliver past events to an endpoint once more, in their order and under their ids */
        post: operations["replayEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Link the device by QR code
         * @deprecated
         */
        get: operations["appLogin"];
        put?: never;
        /** Link the device by QR code */
        post: operations["startLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/login-with-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Link the device by a code typed on the phone
         * @deprecated
         */
        get: operations["appLoginWithCode"];
        put?: never;
        /** Link the device by a code typed on the phone */
        post: operations["startLoginWithCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{device_id}/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Link a device by QR code
         * @deprecated
         */
        get: operations["loginDevice"];
        put?: never;
        /** Link a device by QR code */
        post: operations["startDeviceLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{device_id}/login/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Link a device by a code typed on the phone */
        post: operations["loginDeviceWithCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show how passkey pairing stands: there is none */
        get: operations["appPasskey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/passkey/response": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer a passkey challenge; not offered */
        post: operations["appPasskeyResponse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/passkey/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm a passkey pairing; not offered */
        post: operations["appPasskeyConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List API keys, oldest first; what they are, never the keys themselves */
        get: operations["listKeys"];
        put?: never;
        /**
         * Make an API key; it is shown in this answer only
         * @description Present it as `Authorization: Bearer <key>` or `X-Api-Key: <key>`.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key, at once and for ever; its open streams end */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show what the credential of this request may do */
        get: operations["showCredential"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a ticket that opens one event stream or WebSocket within 30 s
         * @description For browsers, which set no headers on streams: `GET /events?ticket=…`, `/ws?ticket=…`.
         */
        post: operations["createTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List who did what to which device, newest first */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check the audit log’s chain of hashes: every entry as written, none missing */
        get: operations["verifyAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{phone}/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that is kept about one person, over phone number and LID, on all devices
         * @description One JSON object a line: `{"table": …, "row": …}`. Key material is left out.
         */
        get: operations["exportPerson"];
        put?: never;
        post?: never;
        /**
         * Erase everything that is kept about one person, on all devices, for good
         * @description Their chat, what they wrote elsewhere, events and keys that name them. Messages of others stay, without them. Nothing is deleted at WhatsApp or on a phone, and what they write from then on is kept again.
         */
        delete: operations["erasePerson"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** For how long each kind of data is kept */
        get: operations["showRetention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send/message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send Message
         * @description Answers once WhatsApp confirmed the message. 504 SEND_OUTCOME_UNKNOWN: it may or may not arrive; results.message_id names it, and it is never sent again by itself.
         */
        post: operations["sendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send/contact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send Contact
         * @description Answers once WhatsApp confirmed the message. 504 SEND_OUTCOME_UNKNOWN: it may or may not arrive; results.message_id names it, and it is never sent again by itself.
         */
        post: operations["sendContact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send Link
         * @description With a preview of the page where there is one to be had. Answers once WhatsApp confirmed the message. 504 SEND_OUTCOME_UNKNOWN: it may or may not arrive; results.message_id names it, and it is never sent again by itself.
         */
        post: operations["sendLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send/location": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send Location
         * @description Answers once WhatsApp confirmed the message. 504 SEND_OUTCOME_UNKNOWN: it may or may not arrive; results.message_id names it, and it is never sent again by itself.
         */
        post: operations["sendLocation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send/poll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send Poll / Vote
         * @description Answers once WhatsApp confirmed the message. 504 SEND_OUTCOME_UNKNOWN: it may or may not arrive; results.message_id names it, and it is never sent again by itself.
         */
        post: operations["sendPoll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send/image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send Image
         * @description Takes a multipart form with the file, or JSON with image_url. What the file is, is told by its content. Answers once WhatsApp confirmed the message. 504 SEND_OUTCOME_UNKNOWN: it may or may not arrive; results.message_id names it, and it is never sent again by itself.
         */
        post: operations["sendImage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send/video": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send Video
         * @description Takes a multipart form with the file, or JSON with video_url. What the file is, is told by its content. Answers once WhatsApp confirmed the message. 504 SEND_OUTCOME_UNKNOWN: it may or may not arrive; results.message_id names it, and it is never sent again by itself.
         */
        post: operations["sendVideo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send/audio": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send Audio
         * @description Takes a multipart form with the file, or JSON with audio_url. What the file is, is told by its content. Answers once WhatsApp confirmed the message. 504 SEND_OUTCOME_UNKNOWN: it may or may not arrive; results.message_id names it, and it is never sent again by itself.
         */
        post: operations["sendAudio"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send File
         * @description Takes a multipart form with the file, or JSON with file_url. What the file is, is told by its content. Answers once WhatsApp confirmed the message. 504 SEND_OUTCOME_UNKNOWN: it may or may not arrive; results.message_id names it, and it is never sent again by itself.
         */
        post: operations["sendFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send/sticker": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send Sticker
         * @description Takes a multipart form with the file, or JSON with sticker_url. What the file is, is told by its content. Answers once WhatsApp confirmed the message. 504 SEND_OUTCOME_UNKNOWN: it may or may not arrive; results.message_id names it, and it is never sent again by itself.
         */
        post: operations["sendSticker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send presence status */
        post: operations["sendPresence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/send/chat-presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send chat presence (typing indicator)
         * @description Shows in a chat that something is being typed, or no longer.
         */
        post: operations["sendChatPresence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/message/{message_id}/forward": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forward Message
         * @description Sends a stored message to another chat, marked as forwarded as official clients do. Answers once WhatsApp confirmed the message. 504 SEND_OUTCOME_UNKNOWN: it may or may not arrive; results.message_id names it, and it is never sent again by itself.
         */
        post: operations["forwardMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get list of chats
         * @description Newest first, or with `pinned_first` the pinned ones before the others.
         */
        get: operations["listChats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get list of labels
         * @description In the order of their numbers, with the chats that carry them. Deleted ones are not told.
         */
        get: operations["listLabels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/my/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** User My List Groups */
        get: operations["userMyGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Group Info */
        get: operations["groupInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/info-from-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get group information from invitation link
         * @description Without joining.
         */
        get: operations["getGroupInfoFromLink"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/join-with-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Join group with link
         * @description Where admins decide who joins, the account asks to; `message` says which it was.
         */
        post: operations["joinGroupWithLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/invite-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Group Invite Link */
        get: operations["groupInviteLink"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/invite-link/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a new invite link; the old one leads nowhere then */
        post: operations["resetGroupInviteLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create group and add participant */
        post: operations["createGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave group */
        post: operations["leaveGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/name": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set group name */
        post: operations["setGroupName"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/topic": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set group topic */
        post: operations["setGroupTopic"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/locked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set group locked status */
        post: operations["setGroupLocked"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/announce": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set group announce mode */
        post: operations["setGroupAnnounce"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** User Info */
        get: operations["userInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/avatar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** User Avatar */
        get: operations["userAvatar"];
        put?: never;
        /**
         * User Change Avatar
         * @description Cut square from the middle, at most 640 pixels wide. `results` is the id of the picture.
         */
        post: operations["userChangeAvatar"];
        /** Take the account’s picture away */
        delete: operations["userRemoveAvatar"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/avatar/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * User Avatar as a file
         * @description The picture itself, brought from WhatsApp’s host: for pages that may not ask that host, or should not show it who looks.
         */
        get: operations["userAvatarFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check if user is on WhatsApp
         * @description An answer is kept for five minutes, and numbers are asked about one after another. What cannot be a number with country code is on WhatsApp under none.
         */
        get: operations["userCheck"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/business-profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Business Profile Information */
        get: operations["userBusinessProfile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/pushname": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** User Change Push Name */
        post: operations["userChangePushName"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/my/privacy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** User My Privacy Setting */
        get: operations["userMyPrivacy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/my/newsletters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** User My List Newsletters */
        get: operations["userMyNewsletter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/my/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get list of user contacts */
        get: operations["userMyContacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/newsletter/unfollow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Unfollow newsletter */
        post: operations["unfollowNewsletter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/newsletter/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get messages of a newsletter */
        get: operations["newsletterMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get list of participants in a group */
        get: operations["getGroupParticipants"];
        put?: never;
        /** Adding more participants to group */
        post: operations["addParticipantToGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/participants/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export group participants as CSV
         * @description A cell that a spreadsheet would take for a formula begins with an apostrophe.
         */
        get: operations["exportGroupParticipants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/participants/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Remove participants from group */
        post: operations["removeParticipantFromGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/participants/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Promote participants to admin */
        post: operations["promoteParticipantToAdmin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/participants/demote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Demote participants to member */
        post: operations["demoteParticipantToMember"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/participant-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get list of participant requests to join group */
        get: operations["getGroupParticipantRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/participant-requests/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve participant request to join group
         * @description When only some of them could be, `message` says who could not, and why.
         */
        post: operations["approveGroupParticipantRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/participant-requests/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject participant request to join group
         * @description When only some of them could be, `message` says who could not, and why.
         */
        post: operations["rejectGroupParticipantRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/photo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set group photo
         * @description Cut square from the middle, at most 640 pixels wide. Without a file the photo is removed.
         */
        post: operations["setGroupPhoto"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/{chat_jid}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get messages from a specific chat
         * @description Newest first. The chat is named by either of its JIDs or by a bare number.
         */
        get: operations["getChatMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find messages by their words, in all chats or one
         * @description Newest first. What was deleted for everyone is not found.
         */
        get: operations["searchMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/message/{message_id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke Message
         * @description Deletes a message for everyone: an own one, or as an admin anybody’s in a group.
         */
        post: operations["revokeMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/message/{message_id}/reaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send reaction to message */
        post: operations["reactMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/message/{message_id}/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Edit message by message ID before 15 minutes */
        post: operations["updateMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/message/{message_id}/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete Message
         * @description Deletes a message for this account alone, on all its devices.
         */
        post: operations["deleteMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/message/{message_id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark as read message */
        post: operations["readMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/message/{message_id}/star": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Star message */
        post: operations["starMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/message/{message_id}/unstar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Unstar message */
        post: operations["unstarMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/{chat_jid}/pin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pin or unpin a chat */
        post: operations["pinChat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/{chat_jid}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive or unarchive a chat */
        post: operations["archiveChat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/{chat_jid}/disappearing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set disappearing messages timer */
        post: operations["setDisappearingTimer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/{chat_jid}/label": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Label or unlabel a chat */
        post: operations["labelChat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/call/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reject an incoming call */
        post: operations["rejectCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the event log, or follow it
         * @description Oldest first, behind `after`. With `Accept: text/event-stream` the answer is a stream of Server-Sent Events that goes on with what happens from then on; `Last-Event-ID` works as `after`, and `X-Device-Id` as `device_id` where the query has none. Without either, a stream begins now and a page at the beginning.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/statics/media/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stored media, by a signed link from an event or an answer
         * @description Needs no credentials; the link carries an expiry and a signature. Ranges are served.
         */
        get: operations["storedMedia"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/message/{message_id}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download media from message
         * @description What WhatsApp has thrown away is asked for from the phone, which takes up to 30 seconds. With raw=1 the answer is the file itself, with ranges.
         */
        get: operations["downloadMessageMedia"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures about the gateway in Prometheus' text format; docs/metrics.md lists them */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    message: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** message */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "message";
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            id: string;
                            /** Format: date-time */
                            timestamp: string;
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @description A LID */
                            chat_lid?: string;
                            /** @description A JID: phone-number JID when the number is known */
                            from: string;
                            /** @description A LID */
                            from_lid?: string;
                            from_name?: string;
                            sender_display_name: string;
                            is_from_me: boolean;
                            body?: string;
                            replied_to_id?: string;
                            quoted_body?: string;
                            /** @constant */
                            view_once?: true;
                            /** @constant */
                            forwarded?: true;
                            /** @description Once downloaded a path, or path and caption; else WhatsApp’s own URL */
                            image?: string | {
                                path: string;
                                caption: string;
                            } | {
                                url: string;
                                caption: string;
                            } | {
                                url: string;
                                filename: string;
                            } | {
                                url: string;
                            };
                            /** @description Once downloaded a path, or path and caption; else WhatsApp’s own URL */
                            video?: string | {
                                path: string;
                                caption: string;
                            } | {
                                url: string;
                                caption: string;
                            } | {
                                url: string;
                                filename: string;
                            } | {
                                url: string;
                            };
                            /** @description Once downloaded a path, or path and caption; else WhatsApp’s own URL */
                            video_note?: string | {
                                path: string;
                                caption: string;
                            } | {
                                url: string;
                                caption: string;
                            } | {
                                url: string;
                                filename: string;
                            } | {
                                url: string;
                            };
                            /** @description Once downloaded a path, or path and caption; else WhatsApp’s own URL */
                            audio?: string | {
                                path: string;
                                caption: string;
                            } | {
                                url: string;
                                caption: string;
                            } | {
                                url: string;
                                filename: string;
                            } | {
                                url: string;
                            };
                            /** @description Once downloaded a path, or path and caption; else WhatsApp’s own URL */
                            document?: string | {
                                path: string;
                                caption: string;
                            } | {
                                url: string;
                                caption: string;
                            } | {
                                url: string;
                                filename: string;
                            } | {
                                url: string;
                            };
                            /** @description Once downloaded a path, or path and caption; else WhatsApp’s own URL */
                            sticker?: string | {
                                path: string;
                                caption: string;
                            } | {
                                url: string;
                                caption: string;
                            } | {
                                url: string;
                                filename: string;
                            } | {
                                url: string;
                            };
                            contact?: {
                                displayName: string;
                                vcard: string;
                                phone_number?: string;
                            };
                            contacts_array?: {
                                displayName: string;
                                vcard: string;
                                phone_number?: string;
                            }[];
                            location?: {
                                [key: string]: unknown;
                            };
                            live_location?: {
                                [key: string]: unknown;
                            };
                            list?: {
                                [key: string]: unknown;
                            };
                            order?: {
                                [key: string]: unknown;
                            };
                            poll?: {
                                name: string;
                                options: string[];
                                max_answers: number;
                            };
                            interactive?: string;
                            interactive_media?: string[];
                            referral?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.reaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** message.reaction */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "message.reaction";
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            id: string;
                            /** Format: date-time */
                            timestamp: string;
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @description A LID */
                            chat_lid?: string;
                            /** @description A JID: phone-number JID when the number is known */
                            from: string;
                            /** @description A LID */
                            from_lid?: string;
                            from_name?: string;
                            sender_display_name: string;
                            is_from_me: boolean;
                            reaction: string;
                            reacted_message_id: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.revoked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** message.revoked */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "message.revoked";
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            id: string;
                            /** Format: date-time */
                            timestamp: string;
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @description A LID */
                            chat_lid?: string;
                            /** @description A JID: phone-number JID when the number is known */
                            from: string;
                            /** @description A LID */
                            from_lid?: string;
                            from_name?: string;
                            sender_display_name: string;
                            is_from_me: boolean;
                            revoked_message_id: string;
                            /** @description As the one who deleted it sees it: true when it was their own */
                            revoked_from_me: boolean;
                            /** @description The chat as the one who deleted it sees it */
                            revoked_chat?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.edited": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** message.edited */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "message.edited";
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            id: string;
                            /** Format: date-time */
                            timestamp: string;
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @description A LID */
                            chat_lid?: string;
                            /** @description A JID: phone-number JID when the number is known */
                            from: string;
                            /** @description A LID */
                            from_lid?: string;
                            from_name?: string;
                            sender_display_name: string;
                            is_from_me: boolean;
                            original_message_id: string;
                            body?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.ack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** message.ack */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "message.ack";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            ids: string[];
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @description A LID */
                            chat_lid?: string;
                            /** @description A JID: phone-number JID when the number is known */
                            from: string;
                            /** @description A LID */
                            from_lid?: string;
                            sender_display_name: string;
                            /** @enum {string} */
                            receipt_type: "delivered" | "read" | "read-self";
                            receipt_type_description: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** message.status (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "message.status";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            id: string;
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @description A LID */
                            chat_lid?: string;
                            /** @enum {string} */
                            status: "queued" | "sent" | "delivered" | "read" | "played" | "failed" | "unknown";
                            /** @description A JID: phone-number JID when the number is known */
                            recipient?: string;
                            /** @description A LID */
                            recipient_lid?: string;
                            error?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "media.downloaded": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** media.downloaded (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "media.downloaded";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            id: string;
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @description A LID */
                            chat_lid?: string;
                            /** @description A JID: phone-number JID when the number is known */
                            from: string;
                            /** @description A LID */
                            from_lid?: string;
                            is_from_me: boolean;
                            position: number;
                            media_type: string;
                            mime_type: string;
                            file_name: string;
                            file_size: number;
                            path: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "media.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** media.failed (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "media.failed";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            id: string;
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @description A LID */
                            chat_lid?: string;
                            /** @description A JID: phone-number JID when the number is known */
                            from: string;
                            /** @description A LID */
                            from_lid?: string;
                            is_from_me: boolean;
                            position: number;
                            error: string;
                            reason: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.undecryptable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** message.undecryptable (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "message.undecryptable";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            id: string;
                            /** Format: date-time */
                            timestamp: string;
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @description A LID */
                            chat_lid?: string;
                            /** @description A JID: phone-number JID when the number is known */
                            from: string;
                            /** @description A LID */
                            from_lid?: string;
                            from_name?: string;
                            sender_display_name: string;
                            is_from_me: boolean;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.deleted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** message.deleted */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "message.deleted";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            deleted_message_id: string;
                            /** Format: date-time */
                            timestamp: string;
                            /** @description A JID: phone-number JID when the number is known */
                            from: string;
                            /** @description A LID */
                            from_lid?: string;
                            sender_display_name: string;
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @description A LID */
                            chat_lid?: string;
                            original_content: string;
                            /** @description A JID: phone-number JID when the number is known */
                            original_sender: string;
                            /** Format: date-time */
                            original_timestamp: string;
                            original_media_type?: string;
                            original_filename?: string;
                            was_from_me: boolean;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "poll.vote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** poll.vote (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "poll.vote";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            id: string;
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @description A LID */
                            chat_lid?: string;
                            /** @description A JID: phone-number JID when the number is known */
                            from: string;
                            /** @description A LID */
                            from_lid?: string;
                            sender_display_name: string;
                            is_from_me: boolean;
                            poll_id: string;
                            options: string[];
                            tally: {
                                option: string;
                                votes: number;
                                voters: string[];
                            }[];
                            total_voters: number;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    chat_presence: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** chat_presence */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "chat_presence";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            /** @description A JID: phone-number JID when the number is known */
                            from: string;
                            /** @description A LID */
                            from_lid?: string;
                            sender_display_name: string;
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @description A LID */
                            chat_lid?: string;
                            /** @enum {string} */
                            state: "composing" | "paused";
                            /** @enum {string} */
                            media: "" | "audio";
                            is_group: boolean;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "group.participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** group.participants */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "group.participants";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @enum {string} */
                            type: "join" | "leave" | "promote" | "demote";
                            jids: string[];
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "group.joined": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** group.joined */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "group.joined";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @constant */
                            type: "join";
                            jids: string[];
                            reason: string;
                            group_name?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "label.edit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** label.edit */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "label.edit";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            label_id: string;
                            name?: string;
                            color?: number;
                            predefined_id?: number;
                            deleted?: boolean;
                            order_index?: number;
                            is_active?: boolean;
                            type?: string;
                            is_immutable?: boolean;
                            mute_end_time_ms?: number;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "label.association": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** label.association */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "label.association";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            label_id: string;
                            labeled: boolean;
                            /** @description A JID: phone-number JID when the number is known */
                            chat_id: string;
                            /** @description A LID */
                            chat_lid?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "newsletter.joined": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** newsletter.joined */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "newsletter.joined";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            /** @description A JID: phone-number JID when the number is known */
                            newsletter_id: string;
                            name?: string;
                            description?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "newsletter.left": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** newsletter.left */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "newsletter.left";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            /** @description A JID: phone-number JID when the number is known */
                            newsletter_id: string;
                            role: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "newsletter.mute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** newsletter.mute */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "newsletter.mute";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            /** @description A JID: phone-number JID when the number is known */
                            newsletter_id: string;
                            mute: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "newsletter.message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** newsletter.message */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "newsletter.message";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            /** @description A JID: phone-number JID when the number is known */
                            newsletter_id: string;
                            messages: {
                                server_id: number;
                                message_id: string;
                                type: string;
                                /** Format: date-time */
                                timestamp: string;
                                views_count?: number;
                                reaction_counts?: {
                                    [key: string]: number;
                                };
                            }[];
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "call.offer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** call.offer */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "call.offer";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            call_id: string;
                            /** @description A JID: phone-number JID when the number is known */
                            from: string;
                            /** @description A LID */
                            from_lid?: string;
                            sender_display_name: string;
                            auto_rejected: boolean;
                            is_video: boolean;
                            remote_platform?: string;
                            remote_version?: string;
                            /** @description A JID: phone-number JID when the number is known */
                            group_jid?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "contact.identity_resolved": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** contact.identity_resolved (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "contact.identity_resolved";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            /** @description A JID: phone-number JID when the number is known */
                            jid: string;
                            /** @description A LID */
                            lid: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "history.synced": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** history.synced (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "history.synced";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            type: string;
                            chunk: number;
                            progress?: number;
                            chats: number;
                            contacts: number;
                            messages: number;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "device.qr": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** device.qr (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "device.qr";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            qr_code: string;
                            /** Format: date-time */
                            expires_at: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "device.connected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** device.connected (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "device.connected";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            display_name: string;
                            /** @description A JID: phone-number JID when the number is known */
                            jid?: string;
                            /** @description A LID */
                            lid?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "device.disconnected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** device.disconnected (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "device.disconnected";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            reason: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "device.deaf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** device.deaf (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "device.deaf";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            silent_seconds: number;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "device.logged_out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** device.logged_out (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "device.logged_out";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            reason: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "device.restricted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** device.restricted (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "device.restricted";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            restriction: string;
                            type?: string;
                            /** Format: date-time */
                            until?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "device.restriction_lifted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** device.restriction_lifted (only to endpoints that name it) */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "X-Hub-Signature-256"?: string;
                    "webhook-id"?: string;
                    "webhook-timestamp"?: string;
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @constant */
                        event: "device.restriction_lifted";
                        /** Format: date-time */
                        timestamp: string;
                        /** @description The account’s JID; empty before a device is linked */
                        device_id: string;
                        /** @description The device as named in this gateway */
                        session_id: string;
                        payload: {
                            restriction: string;
                            type?: string;
                            /** Format: date-time */
                            until?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Taken; anything else is tried again */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Works */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    livez: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready" | "not ready";
                        checks: {
                            [key: string]: "ok" | "failed";
                        };
                    };
                };
            };
        };
    };
    appInfo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            version: string;
                            /** @description Name that phones show for this gateway. */
                            os: string;
                            base_path: string;
                            /** @description Bytes */
                            max_file_size: number;
                            /** @description Bytes */
                            max_video_size: number;
                            /** @description Bytes */
                            max_image_size: number;
                            chatwoot_enabled: boolean;
                            /**
                             * @description Only on a gateway that is joined to a simulated WhatsApp (`npm run sandbox`)
                             * @enum {boolean}
                             */
                            sandbox?: true;
                        };
                    };
                };
            };
        };
    };
    qrCodePicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description PNG */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": unknown;
                };
            };
        };
    };
    listDevices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            id: string;
                            /** @description What people call it; absent when they do not */
                            name?: string;
                            /** @description Digits of the linked number */
                            phone_number?: string;
                            display_name?: string;
                            /** @enum {string} */
                            state: "disconnected" | "connected" | "logged_in";
                            jid?: string;
                            /** Format: date-time */
                            created_at: string;
                            connection?: {
                                /**
                                 * @description `waiting`: another attempt follows by itself; `parked`: linked, but only a command goes on
                                 * @enum {string}
                                 */
                                phase: "idle" | "connecting" | "pairing" | "open" | "waiting" | "parked";
                                /** @description Why the last connection ended; absent while one lives */
                                reason?: string;
                                /**
                                 * Format: date-time
                                 * @description When the next attempt is due
                                 */
                                retry_at?: string;
                                /**
                                 * Format: date-time
                                 * @description When anything last came from WhatsApp
                                 */
                                last_sign_at?: string;
                                /**
                                 * Format: date-time
                                 * @description When WhatsApp last acknowledged a send
                                 */
                                last_ack_at?: string;
                                /** @description Messages of this connection that could not be decrypted */
                                undecryptable?: number;
                                /** @description What has come and is not committed yet */
                                waiting_stanzas?: number;
                            };
                        }[];
                        /** @enum {number} */
                        status: 200;
                    };
                };
            };
        };
    };
    addDevice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description A name of your choice; a UUID is made when absent */
                    device_id?: string;
                    webhook_url?: string;
                    webhook_secret?: string;
                    webhook_events?: string;
                    webhook_insecure_skip_verify?: boolean;
                } | null;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            id: string;
                            /** @description What people call it; absent when they do not */
                            name?: string;
                            /** @description Digits of the linked number */
                            phone_number?: string;
                            display_name?: string;
                            /** @enum {string} */
                            state: "disconnected" | "connected" | "logged_in";
                            jid?: string;
                            /** Format: date-time */
                            created_at: string;
                            connection?: {
                                /**
                                 * @description `waiting`: another attempt follows by itself; `parked`: linked, but only a command goes on
                                 * @enum {string}
                                 */
                                phase: "idle" | "connecting" | "pairing" | "open" | "waiting" | "parked";
                                /** @description Why the last connection ended; absent while one lives */
                                reason?: string;
                                /**
                                 * Format: date-time
                                 * @description When the next attempt is due
                                 */
                                retry_at?: string;
                                /**
                                 * Format: date-time
                                 * @description When anything last came from WhatsApp
                                 */
                                last_sign_at?: string;
                                /**
                                 * Format: date-time
                                 * @description When WhatsApp last acknowledged a send
                                 */
                                last_ack_at?: string;
                                /** @description Messages of this connection that could not be decrypted */
                                undecryptable?: number;
                                /** @description What has come and is not committed yet */
                                waiting_stanzas?: number;
                            };
                            webhook_url?: string;
                            webhook_secret?: string;
                            webhook_events?: string;
                            webhook_insecure_skip_verify?: boolean;
                        };
                        /** @enum {number} */
                        status: 200;
                    };
                };
            };
        };
    };
    getDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description A slot that an account can be linked to */
                        results: {
                            id: string;
                            /** @description What people call it; absent when they do not */
                            name?: string;
                            /** @description Digits of the linked number */
                            phone_number?: string;
                            display_name?: string;
                            /** @enum {string} */
                            state: "disconnected" | "connected" | "logged_in";
                            jid?: string;
                            /** Format: date-time */
                            created_at: string;
                            connection?: {
                                /**
                                 * @description `waiting`: another attempt follows by itself; `parked`: linked, but only a command goes on
                                 * @enum {string}
                                 */
                                phase: "idle" | "connecting" | "pairing" | "open" | "waiting" | "parked";
                                /** @description Why the last connection ended; absent while one lives */
                                reason?: string;
                                /**
                                 * Format: date-time
                                 * @description When the next attempt is due
                                 */
                                retry_at?: string;
                                /**
                                 * Format: date-time
                                 * @description When anything last came from WhatsApp
                                 */
                                last_sign_at?: string;
                                /**
                                 * Format: date-time
                                 * @description When WhatsApp last acknowledged a send
                                 */
                                last_ack_at?: string;
                                /** @description Messages of this connection that could not be decrypted */
                                undecryptable?: number;
                                /** @description What has come and is not committed yet */
                                waiting_stanzas?: number;
                            };
                        };
                        /** @enum {number} */
                        status: 200;
                    };
                };
            };
        };
    };
    removeDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                    };
                };
            };
        };
    };
    renameDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What people call it; empty: nothing but its id */
                    name: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description A slot that an account can be linked to */
                        results: {
                            id: string;
                            /** @description What people call it; absent when they do not */
                            name?: string;
                            /** @description Digits of the linked number */
                            phone_number?: string;
                            display_name?: string;
                            /** @enum {string} */
                            state: "disconnected" | "connected" | "logged_in";
                            jid?: string;
                            /** Format: date-time */
                            created_at: string;
                            connection?: {
                                /**
                                 * @description `waiting`: another attempt follows by itself; `parked`: linked, but only a command goes on
                                 * @enum {string}
                                 */
                                phase: "idle" | "connecting" | "pairing" | "open" | "waiting" | "parked";
                                /** @description Why the last connection ended; absent while one lives */
                                reason?: string;
                                /**
                                 * Format: date-time
                                 * @description When the next attempt is due
                                 */
                                retry_at?: string;
                                /**
                                 * Format: date-time
                                 * @description When anything last came from WhatsApp
                                 */
                                last_sign_at?: string;
                                /**
                                 * Format: date-time
                                 * @description When WhatsApp last acknowledged a send
                                 */
                                last_ack_at?: string;
                                /** @description Messages of this connection that could not be decrypted */
                                undecryptable?: number;
                                /** @description What has come and is not committed yet */
                                waiting_stanzas?: number;
                            };
                        };
                        /** @enum {number} */
                        status: 200;
                    };
                };
            };
        };
    };
    logoutDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                    };
                };
            };
        };
    };
    reconnectDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                    };
                };
            };
        };
    };
    getDeviceStatus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            device_id: string;
                            /** @description The device has a connection to WhatsApp */
                            is_connected: boolean;
                            /** @description The connection is authenticated: the device can send */
                            is_logged_in: boolean;
                            jid?: string;
                        };
                        /** @enum {number} */
                        status: 200;
                    };
                };
            };
        };
    };
    appDevices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            /** @description The account’s own name, empty when not known */
                            name: string;
                            /** @description The device id */
                            device: string;
                            jid?: string;
                        }[];
                    };
                };
            };
        };
    };
    appStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            device_id: string;
                            /** @description The device has a connection to WhatsApp */
                            is_connected: boolean;
                            /** @description The connection is authenticated: the device can send */
                            is_logged_in: boolean;
                            jid?: string;
                        };
                        /** @enum {number} */
                        status: 200;
                    };
                };
            };
        };
    };
    appLogout: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description The device id */
                        results: string;
                    };
                };
            };
        };
    };
    logOut: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description The device id */
                        results: string;
                    };
                };
            };
        };
    };
    appReconnect: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description The device id */
                        results: string;
                    };
                };
            };
        };
    };
    reconnect: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description The device id */
                        results: string;
                    };
                };
            };
        };
    };
    getDeviceWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            device_id: string;
                            webhook_url: string;
                            /** @description ******** where there is one, else empty */
                            webhook_secret: string;
                            webhook_events: string;
                            webhook_insecure_skip_verify: boolean;
                        };
                    };
                };
            };
        };
    };
    updateDeviceWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        /** @description `webhook_url` is required; empty leaves the device to the global ones. What is not named is emptied */
        requestBody?: {
            content: {
                "application/json": {
                    webhook_url?: string;
                    webhook_secret?: string;
                    /** @description Kinds, with commas; empty for those of the settings */
                    webhook_events?: string;
                    webhook_insecure_skip_verify?: boolean;
                } | null;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            device_id: string;
                            webhook_url: string;
                            /** @description ******** where there is one, else empty */
                            webhook_secret: string;
                            webhook_events: string;
                            webhook_insecure_skip_verify: boolean;
                        };
                    };
                };
            };
        };
    };
    listDeviceWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            id: string;
                            /** @description Absent for endpoints of all devices */
                            device_id?: string;
                            /** @description A password in it is shown as *** */
                            url: string;
                            /** @description False: signed with the gateway’s own secret */
                            has_secret: boolean;
                            /** @description Empty for all that the reference has */
                            events: string[];
                            ignore_jids: string[];
                            insecure_skip_verify: boolean;
                            header_names: string[];
                            /** @enum {string} */
                            format: "plain" | "cloudevents";
                            /** @enum {string} */
                            when_gone: "retry" | "drop" | "disable";
                            /**
                             * @description `config`: WHATSAPP_WEBHOOK, not changed over the API. `slot`: in place of those for its device. `api`: beside all others
                             * @enum {string}
                             */
                            source: "config" | "slot" | "api";
                            active: boolean;
                            disabled_reason?: string;
                            /** Format: date-time */
                            created_at: string;
                        }[];
                    };
                };
            };
        };
    };
    createDeviceWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description http:// or https://; user and password in it are sent as basic auth */
                    url: string;
                    /** @description Key of the signatures, never shown again; `whsec_…` is base64. Empty: the gateway’s own */
                    secret?: string;
                    /** @description Kinds to deliver, `message.*` and `*` understood; empty for all that the reference has */
                    events?: string[];
                    /** @description Chats and people not to be told of: JIDs, `@g.us` for a server, `*` for any characters */
                    ignore_jids?: string[];
                    /** @description Do not check the TLS certificate */
                    insecure_skip_verify?: boolean;
                    /** @description Further request headers; values are never shown again */
                    headers?: {
                        [key: string]: string;
                    };
                    /**
                     * @description `cloudevents` adds the headers of a CloudEvent in binary mode
                     * @enum {string}
                     */
                    format?: "plain" | "cloudevents";
                    /**
                     * @description What an answer 410 does: try again, give that event up, or put the endpoint out of use
                     * @enum {string}
                     */
                    when_gone?: "retry" | "drop" | "disable";
                    active?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            id: string;
                            /** @description Absent for endpoints of all devices */
                            device_id?: string;
                            /** @description A password in it is shown as *** */
                            url: string;
                            /** @description False: signed with the gateway’s own secret */
                            has_secret: boolean;
                            /** @description Empty for all that the reference has */
                            events: string[];
                            ignore_jids: string[];
                            insecure_skip_verify: boolean;
                            header_names: string[];
                            /** @enum {string} */
                            format: "plain" | "cloudevents";
                            /** @enum {string} */
                            when_gone: "retry" | "drop" | "disable";
                            /**
                             * @description `config`: WHATSAPP_WEBHOOK, not changed over the API. `slot`: in place of those for its device. `api`: beside all others
                             * @enum {string}
                             */
                            source: "config" | "slot" | "api";
                            active: boolean;
                            disabled_reason?: string;
                            /** Format: date-time */
                            created_at: string;
                        };
                    };
                };
            };
        };
    };
    getDeviceWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            id: string;
                            /** @description Absent for endpoints of all devices */
                            device_id?: string;
                            /** @description A password in it is shown as *** */
                            url: string;
                            /** @description False: signed with the gateway’s own secret */
                            has_secret: boolean;
                            /** @description Empty for all that the reference has */
                            events: string[];
                            ignore_jids: string[];
                            insecure_skip_verify: boolean;
                            header_names: string[];
                            /** @enum {string} */
                            format: "plain" | "cloudevents";
                            /** @enum {string} */
                            when_gone: "retry" | "drop" | "disable";
                            /**
                             * @description `config`: WHATSAPP_WEBHOOK, not changed over the API. `slot`: in place of those for its device. `api`: beside all others
                             * @enum {string}
                             */
                            source: "config" | "slot" | "api";
                            active: boolean;
                            disabled_reason?: string;
                            /** Format: date-time */
                            created_at: string;
                        };
                    };
                };
            };
        };
    };
    removeDeviceWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                    };
                };
            };
        };
    };
    updateDeviceWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description http:// or https://; user and password in it are sent as basic auth */
                    url?: string;
                    /** @description Key of the signatures, never shown again; `whsec_…` is base64. Empty: the gateway’s own */
                    secret?: string;
                    /** @description Kinds to deliver, `message.*` and `*` understood; empty for all that the reference has */
                    events?: string[];
                    /** @description Chats and people not to be told of: JIDs, `@g.us` for a server, `*` for any characters */
                    ignore_jids?: string[];
                    /** @description Do not check the TLS certificate */
                    insecure_skip_verify?: boolean;
                    /** @description Further request headers; values are never shown again */
                    headers?: {
                        [key: string]: string;
                    };
                    /**
                     * @description `cloudevents` adds the headers of a CloudEvent in binary mode
                     * @enum {string}
                     */
                    format?: "plain" | "cloudevents";
                    /**
                     * @description What an answer 410 does: try again, give that event up, or put the endpoint out of use
                     * @enum {string}
                     */
                    when_gone?: "retry" | "drop" | "disable";
                    active?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            id: string;
                            /** @description Absent for endpoints of all devices */
                            device_id?: string;
                            /** @description A password in it is shown as *** */
                            url: string;
                            /** @description False: signed with the gateway’s own secret */
                            has_secret: boolean;
                            /** @description Empty for all that the reference has */
                            events: string[];
                            ignore_jids: string[];
                            insecure_skip_verify: boolean;
                            header_names: string[];
                            /** @enum {string} */
                            format: "plain" | "cloudevents";
                            /** @enum {string} */
                            when_gone: "retry" | "drop" | "disable";
                            /**
                             * @description `config`: WHATSAPP_WEBHOOK, not changed over the API. `slot`: in place of those for its device. `api`: beside all others
                             * @enum {string}
                             */
                            source: "config" | "slot" | "api";
                            active: boolean;
                            disabled_reason?: string;
                            /** Format: date-time */
                            created_at: string;
                        };
                    };
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            id: string;
                            /** @description Absent for endpoints of all devices */
                            device_id?: string;
                            /** @description A password in it is shown as *** */
                            url: string;
                            /** @description False: signed with the gateway’s own secret */
                            has_secret: boolean;
                            /** @description Empty for all that the reference has */
                            events: string[];
                            ignore_jids: string[];
                            insecure_skip_verify: boolean;
                            header_names: string[];
                            /** @enum {string} */
                            format: "plain" | "cloudevents";
                            /** @enum {string} */
                            when_gone: "retry" | "drop" | "disable";
                            /**
                             * @description `config`: WHATSAPP_WEBHOOK, not changed over the API. `slot`: in place of those for its device. `api`: beside all others
                             * @enum {string}
                             */
                            source: "config" | "slot" | "api";
                            active: boolean;
                            disabled_reason?: string;
                            /** Format: date-time */
                            created_at: string;
                        }[];
                    };
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description http:// or https://; user and password in it are sent as basic auth */
                    url: string;
                    /** @description Key of the signatures, never shown again; `whsec_…` is base64. Empty: the gateway’s own */
                    secret?: string;
                    /** @description Kinds to deliver, `message.*` and `*` understood; empty for all that the reference has */
                    events?: string[];
                    /** @description Chats and people not to be told of: JIDs, `@g.us` for a server, `*` for any characters */
                    ignore_jids?: string[];
                    /** @description Do not check the TLS certificate */
                    insecure_skip_verify?: boolean;
                    /** @description Further request headers; values are never shown again */
                    headers?: {
                        [key: string]: string;
                    };
                    /**
                     * @description `cloudevents` adds the headers of a CloudEvent in binary mode
                     * @enum {string}
                     */
                    format?: "plain" | "cloudevents";
                    /**
                     * @description What an answer 410 does: try again, give that event up, or put the endpoint out of use
                     * @enum {string}
                     */
                    when_gone?: "retry" | "drop" | "disable";
                    active?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            id: string;
                            /** @description Absent for endpoints of all devices */
                            device_id?: string;
                            /** @description A password in it is shown as *** */
                            url: string;
                            /** @description False: signed with the gateway’s own secret */
                            has_secret: boolean;
                            /** @description Empty for all that the reference has */
                            events: string[];
                            ignore_jids: string[];
                            insecure_skip_verify: boolean;
                            header_names: string[];
                            /** @enum {string} */
                            format: "plain" | "cloudevents";
                            /** @enum {string} */
                            when_gone: "retry" | "drop" | "disable";
                            /**
                             * @description `config`: WHATSAPP_WEBHOOK, not changed over the API. `slot`: in place of those for its device. `api`: beside all others
                             * @enum {string}
                             */
                            source: "config" | "slot" | "api";
                            active: boolean;
                            disabled_reason?: string;
                            /** Format: date-time */
                            created_at: string;
                        };
                    };
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            id: string;
                            /** @description Absent for endpoints of all devices */
                            device_id?: string;
                            /** @description A password in it is shown as *** */
                            url: string;
                            /** @description False: signed with the gateway’s own secret */
                            has_secret: boolean;
                            /** @description Empty for all that the reference has */
                            events: string[];
                            ignore_jids: string[];
                            insecure_skip_verify: boolean;
                            header_names: string[];
                            /** @enum {string} */
                            format: "plain" | "cloudevents";
                            /** @enum {string} */
                            when_gone: "retry" | "drop" | "disable";
                            /**
                             * @description `config`: WHATSAPP_WEBHOOK, not changed over the API. `slot`: in place of those for its device. `api`: beside all others
                             * @enum {string}
                             */
                            source: "config" | "slot" | "api";
                            active: boolean;
                            disabled_reason?: string;
                            /** Format: date-time */
                            created_at: string;
                        };
                    };
                };
            };
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                    };
                };
            };
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description http:// or https://; user and password in it are sent as basic auth */
                    url?: string;
                    /** @description Key of the signatures, never shown again; `whsec_…` is base64. Empty: the gateway’s own */
                    secret?: string;
                    /** @description Kinds to deliver, `message.*` and `*` understood; empty for all that the reference has */
                    events?: string[];
                    /** @description Chats and people not to be told of: JIDs, `@g.us` for a server, `*` for any characters */
                    ignore_jids?: string[];
                    /** @description Do not check the TLS certificate */
                    insecure_skip_verify?: boolean;
                    /** @description Further request headers; values are never shown again */
                    headers?: {
                        [key: string]: string;
                    };
                    /**
                     * @description `cloudevents` adds the headers of a CloudEvent in binary mode
                     * @enum {string}
                     */
                    format?: "plain" | "cloudevents";
                    /**
                     * @description What an answer 410 does: try again, give that event up, or put the endpoint out of use
                     * @enum {string}
                     */
                    when_gone?: "retry" | "drop" | "disable";
                    active?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            id: string;
                            /** @description Absent for endpoints of all devices */
                            device_id?: string;
                            /** @description A password in it is shown as *** */
                            url: string;
                            /** @description False: signed with the gateway’s own secret */
                            has_secret: boolean;
                            /** @description Empty for all that the reference has */
                            events: string[];
                            ignore_jids: string[];
                            insecure_skip_verify: boolean;
                            header_names: string[];
                            /** @enum {string} */
                            format: "plain" | "cloudevents";
                            /** @enum {string} */
                            when_gone: "retry" | "drop" | "disable";
                            /**
                             * @description `config`: WHATSAPP_WEBHOOK, not changed over the API. `slot`: in place of those for its device. `api`: beside all others
                             * @enum {string}
                             */
                            source: "config" | "slot" | "api";
                            active: boolean;
                            disabled_reason?: string;
                            /** Format: date-time */
                            created_at: string;
                        };
                    };
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                webhook_id?: string;
                device_id?: string;
                state?: "pending" | "delivered" | "dead";
                /** @description `next` of the page before */
                before?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            data: {
                                webhook_id: string;
                                event_id: string;
                                device_id: string;
                                /** @description Kind of the event */
                                event: string;
                                /** @description Number of the event within its device */
                                seq: number;
                                /**
                                 * @description `dead`: given up
                                 * @enum {string}
                                 */
                                state: "pending" | "delivered" | "dead";
                                attempts: number;
                                /** Format: date-time */
                                queued_at: string;
                                /** Format: date-time */
                                next_attempt_at?: string;
                                /** Format: date-time */
                                last_attempt_at?: string;
                                last_duration_ms?: number;
                                /** @description HTTP status of the last answer; absent when there was none */
                                last_status?: number;
                                last_error?: string;
                                /** Format: date-time */
                                delivered_at?: string;
                            }[];
                            /** @description Give it as `before` for the next page; absent on the last */
                            next?: string;
                        };
                    };
                };
            };
        };
    };
    getDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            webhook_id: string;
                            event_id: string;
                            device_id: string;
                            /** @description Kind of the event */
                            event: string;
                            /** @description Number of the event within its device */
                            seq: number;
                            /**
                             * @description `dead`: given up
                             * @enum {string}
                             */
                            state: "pending" | "delivered" | "dead";
                            attempts: number;
                            /** Format: date-time */
                            queued_at: string;
                            /** Format: date-time */
                            next_attempt_at?: string;
                            /** Format: date-time */
                            last_attempt_at?: string;
                            last_duration_ms?: number;
                            /** @description HTTP status of the last answer; absent when there was none */
                            last_status?: number;
                            last_error?: string;
                            /** Format: date-time */
                            delivered_at?: string;
                            tries: {
                                attempt: number;
                                /** Format: date-time */
                                at: string;
                                duration_ms: number;
                                status?: number;
                                error?: string;
                            }[];
                        };
                    };
                };
            };
        };
    };
    retryDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            webhook_id: string;
                            event_id: string;
                            device_id: string;
                            /** @description Kind of the event */
                            event: string;
                            /** @description Number of the event within its device */
                            seq: number;
                            /**
                             * @description `dead`: given up
                             * @enum {string}
                             */
                            state: "pending" | "delivered" | "dead";
                            attempts: number;
                            /** Format: date-time */
                            queued_at: string;
                            /** Format: date-time */
                            next_attempt_at?: string;
                            /** Format: date-time */
                            last_attempt_at?: string;
                            last_duration_ms?: number;
                            /** @description HTTP status of the last answer; absent when there was none */
                            last_status?: number;
                            last_error?: string;
                            /** Format: date-time */
                            delivered_at?: string;
                        };
                    };
                };
            };
        };
    };
    replayEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Events that happened then or later
                     */
                    since?: string;
                    /**
                     * Format: date-time
                     * @description Events that happened then or earlier; default now
                     */
                    until?: string;
                    device_id?: string;
                    /** @description Only these kinds, of those the endpoint wants */
                    events?: string[];
                    /** @description Only deliveries that were given up */
                    only_dead?: boolean;
                } | null;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            events: number;
                        };
                    };
                };
            };
        };
    };
    appLogin: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            device_id: string;
                            /** @description Where the picture of the code is; reachable without credentials */
                            qr_link: string;
                            /** @description Seconds after which to ask for the next code */
                            qr_duration: number;
                            /** @description The text of the code, for those who draw it themselves */
                            qr_code: string;
                        };
                    };
                };
            };
        };
    };
    startLogin: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            device_id: string;
                            /** @description Where the picture of the code is; reachable without credentials */
                            qr_link: string;
                            /** @description Seconds after which to ask for the next code */
                            qr_duration: number;
                            /** @description The text of the code, for those who draw it themselves */
                            qr_code: string;
                        };
                    };
                };
            };
        };
    };
    appLoginWithCode: {
        parameters: {
            query?: {
                /** @description The phone number to link, in international form */
                phone?: string;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            device_id: string;
                            /** @description To be typed on the phone */
                            pair_code: string;
                        };
                    };
                };
            };
        };
    };
    startLoginWithCode: {
        parameters: {
            query?: {
                /** @description The phone number to link, in international form */
                phone?: string;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            device_id: string;
                            /** @description To be typed on the phone */
                            pair_code: string;
                        };
                    };
                };
            };
        };
    };
    loginDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            device_id: string;
                            /** @description Where the picture of the code is; reachable without credentials */
                            qr_link: string;
                            /** @description Seconds after which to ask for the next code */
                            qr_duration: number;
                            /** @description The text of the code, for those who draw it themselves */
                            qr_code: string;
                        };
                    };
                };
            };
        };
    };
    startDeviceLogin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            device_id: string;
                            /** @description Where the picture of the code is; reachable without credentials */
                            qr_link: string;
                            /** @description Seconds after which to ask for the next code */
                            qr_duration: number;
                            /** @description The text of the code, for those who draw it themselves */
                            qr_code: string;
                        };
                    };
                };
            };
        };
    };
    loginDeviceWithCode: {
        parameters: {
            query?: {
                /** @description The phone number to link, in international form */
                phone?: string;
            };
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            device_id: string;
                            /** @description To be typed on the phone */
                            pair_code: string;
                        };
                    };
                };
            };
        };
    };
    appPasskey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            device_id: string;
                            /**
                             * @description No passkey is ever being waited for: devices are linked by QR code or pairing code
                             * @enum {string}
                             */
                            status: "none";
                            skip_handoff_ux: boolean;
                        };
                    };
                };
            };
        };
    };
    appPasskeyResponse: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: never;
    };
    appPasskeyConfirm: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: never;
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            id: string;
                            name: string;
                            scopes: ("read" | "send" | "manage" | "admin")[];
                            /** @description Absent: all */
                            devices?: string[];
                            /** @description JIDs; absent: anybody */
                            recipients?: string[];
                            requests_per_minute?: number;
                            /** @enum {string} */
                            state: "active" | "expired" | "revoked";
                            /** Format: date-time */
                            created_at: string;
                            /** @description User name, or `key:` and an id; empty on a gateway without credentials */
                            created_by: string;
                            /** Format: date-time */
                            expires_at?: string;
                            /**
                             * Format: date-time
                             * @description To the minute
                             */
                            last_used_at?: string;
                            /** Format: date-time */
                            revoked_at?: string;
                        }[];
                    };
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What it is for, as it shall be listed */
                    name: string;
                    /** @description `read`: look; `send`: write in chats; `manage`: accounts, groups, links; `admin`: everything */
                    scopes: ("read" | "send" | "manage" | "admin")[];
                    /** @description Ids of the devices that it may use; all, also later ones, when absent */
                    devices?: string[];
                    /** @description Numbers, or JIDs of people, groups and channels, that it may write to; anybody when absent. Not with `manage` or `admin` */
                    recipients?: string[];
                    /**
                     * Format: date-time
                     * @description When it ends; never when absent
                     */
                    expires_at?: string;
                    /** @description Any number when absent */
                    requests_per_minute?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            id: string;
                            name: string;
                            scopes: ("read" | "send" | "manage" | "admin")[];
                            /** @description Absent: all */
                            devices?: string[];
                            /** @description JIDs; absent: anybody */
                            recipients?: string[];
                            requests_per_minute?: number;
                            /** @enum {string} */
                            state: "active" | "expired" | "revoked";
                            /** Format: date-time */
                            created_at: string;
                            /** @description User name, or `key:` and an id; empty on a gateway without credentials */
                            created_by: string;
                            /** Format: date-time */
                            expires_at?: string;
                            /**
                             * Format: date-time
                             * @description To the minute
                             */
                            last_used_at?: string;
                            /** Format: date-time */
                            revoked_at?: string;
                            /** @description The key itself: shown now, never again */
                            key: string;
                        };
                    };
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            id: string;
                            name: string;
                            scopes: ("read" | "send" | "manage" | "admin")[];
                            /** @description Absent: all */
                            devices?: string[];
                            /** @description JIDs; absent: anybody */
                            recipients?: string[];
                            requests_per_minute?: number;
                            /** @enum {string} */
                            state: "active" | "expired" | "revoked";
                            /** Format: date-time */
                            created_at: string;
                            /** @description User name, or `key:` and an id; empty on a gateway without credentials */
                            created_by: string;
                            /** Format: date-time */
                            expires_at?: string;
                            /**
                             * Format: date-time
                             * @description To the minute
                             */
                            last_used_at?: string;
                            /** Format: date-time */
                            revoked_at?: string;
                        };
                    };
                };
            };
        };
    };
    showCredential: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            /** @description User name, or `key:` and an id; empty on a gateway without credentials */
                            name: string;
                            scopes: ("read" | "send" | "manage" | "admin")[];
                            /** @description Absent: all */
                            devices?: string[];
                            /** @description JIDs that it may write to; absent: anybody */
                            recipients?: string[];
                        };
                    };
                };
            };
        };
    };
    createTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            ticket: string;
                            /** Format: date-time */
                            expires_at: string;
                        };
                    };
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description Only what this credential did: a user name or `key:` and an id */
                actor?: string;
                device_id?: string;
                /** @description Only this `operationId` */
                operation?: string;
                /** @description `next` of the page before */
                before?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            data: {
                                position: number;
                                /** Format: date-time */
                                at: string;
                                /** @description User name, or `key:` and an id; empty on a gateway without credentials */
                                actor: string;
                                address: string;
                                operation: string;
                                device_id?: string;
                                /** @description Id of the key or webhook that was acted on */
                                subject?: string;
                                /** @description HTTP status of the answer */
                                status: number;
                                /** @description SHA-256 over the hash of the entry before and this entry */
                                hash: string;
                            }[];
                            /** @description Give it as `before` for older entries */
                            next?: string;
                        };
                    };
                };
            };
        };
    };
    verifyAudit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            intact: boolean;
                            good_entries: number;
                            /** @description Position of the first entry that is not as it was written */
                            broken_at?: number;
                            /** @enum {string} */
                            problem?: "changed" | "missing" | "cut-off";
                        };
                    };
                };
            };
        };
    };
    exportPerson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Phone number, phone-number JID or LID */
                phone: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
        };
    };
    erasePerson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Phone number, phone-number JID or LID */
                phone: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description How many rows went or were changed, by table */
                        results: {
                            [key: string]: number;
                        };
                    };
                };
            };
        };
    };
    showRetention: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            events_days: number;
                            deliveries_days: number;
                            /** @description 0: for ever */
                            messages_days: number;
                            /** @description 0: for ever */
                            audit_days: number;
                            /** @description 0: for ever */
                            media_days: number;
                            idempotency_hours: number;
                        };
                    };
                };
            };
        };
    };
    sendMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
                /** @description Makes repeating this request safe for 24 hours: the same key with the same body answers with the recorded outcome instead of sending again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** @description Text to send. `@<number>` in it mentions that person. */
                    message: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    sendContact: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
                /** @description Makes repeating this request safe for 24 hours: the same key with the same body answers with the recorded outcome instead of sending again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** @description Name on the card. */
                    contact_name: string;
                    /** @description Number on the card, with country code. */
                    contact_phone: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    sendLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
                /** @description Makes repeating this request safe for 24 hours: the same key with the same body answers with the recorded outcome instead of sending again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** @description Link to send. */
                    link: string;
                    /** @description Text before the link. */
                    caption: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    sendLocation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
                /** @description Makes repeating this request safe for 24 hours: the same key with the same body answers with the recorded outcome instead of sending again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** @description Degrees north, as text: `-7.797068`. */
                    latitude: string;
                    /** @description Degrees east, as text: `110.370529`. */
                    longitude: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    sendPoll: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
                /** @description Makes repeating this request safe for 24 hours: the same key with the same body answers with the recorded outcome instead of sending again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** @description What is asked. */
                    question: string;
                    /** @description What can be chosen; no option twice. */
                    options: string[];
                    /** @description How many options each may choose, 1 to the number of options. */
                    max_answer: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    sendImage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
                /** @description Makes repeating this request safe for 24 hours: the same key with the same body answers with the recorded outcome instead of sending again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** Format: binary */
                    image?: Blob;
                    /** @description Where to fetch the file from, in place of a file in the form. */
                    image_url?: string;
                    /** @description Text below. `@<number>` in it mentions that person. */
                    caption?: string;
                    /** @description Can be looked at once only. */
                    view_once?: boolean;
                    /** @description At most 600 pixels wide. Default true. */
                    compress?: boolean;
                    /** @description In high quality; wins over `compress`. */
                    hd?: boolean;
                };
                "application/json": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** Format: binary */
                    image?: Blob;
                    /** @description Where to fetch the file from, in place of a file in the form. */
                    image_url?: string;
                    /** @description Text below. `@<number>` in it mentions that person. */
                    caption?: string;
                    /** @description Can be looked at once only. */
                    view_once?: boolean;
                    /** @description At most 600 pixels wide. Default true. */
                    compress?: boolean;
                    /** @description In high quality; wins over `compress`. */
                    hd?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    sendVideo: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
                /** @description Makes repeating this request safe for 24 hours: the same key with the same body answers with the recorded outcome instead of sending again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** Format: binary */
                    video?: Blob;
                    /** @description Where to fetch the file from, in place of a file in the form. */
                    video_url?: string;
                    /** @description Text below. `@<number>` in it mentions that person. */
                    caption?: string;
                    /** @description Can be looked at once only. */
                    view_once?: boolean;
                    /** @description At most 720 pixels wide. Default false. */
                    compress?: boolean;
                    /** @description In high quality; wins over `compress`. */
                    hd?: boolean;
                    /** @description Plays by itself, silently and over and over. */
                    gif_playback?: boolean;
                };
                "application/json": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** Format: binary */
                    video?: Blob;
                    /** @description Where to fetch the file from, in place of a file in the form. */
                    video_url?: string;
                    /** @description Text below. `@<number>` in it mentions that person. */
                    caption?: string;
                    /** @description Can be looked at once only. */
                    view_once?: boolean;
                    /** @description At most 720 pixels wide. Default false. */
                    compress?: boolean;
                    /** @description In high quality; wins over `compress`. */
                    hd?: boolean;
                    /** @description Plays by itself, silently and over and over. */
                    gif_playback?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    sendAudio: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
                /** @description Makes repeating this request safe for 24 hours: the same key with the same body answers with the recorded outcome instead of sending again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** Format: binary */
                    audio?: Blob;
                    /** @description Where to fetch the file from, in place of a file in the form. */
                    audio_url?: string;
                    /** @description As a voice message: converted to Opus, with a waveform. */
                    ptt?: boolean;
                };
                "application/json": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** Format: binary */
                    audio?: Blob;
                    /** @description Where to fetch the file from, in place of a file in the form. */
                    audio_url?: string;
                    /** @description As a voice message: converted to Opus, with a waveform. */
                    ptt?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    sendFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
                /** @description Makes repeating this request safe for 24 hours: the same key with the same body answers with the recorded outcome instead of sending again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** Format: binary */
                    file?: Blob;
                    /** @description Where to fetch the file from, in place of a file in the form. */
                    file_url?: string;
                    /** @description Text below. `@<number>` in it mentions that person. */
                    caption?: string;
                };
                "application/json": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** Format: binary */
                    file?: Blob;
                    /** @description Where to fetch the file from, in place of a file in the form. */
                    file_url?: string;
                    /** @description Text below. `@<number>` in it mentions that person. */
                    caption?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    sendSticker: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
                /** @description Makes repeating this request safe for 24 hours: the same key with the same body answers with the recorded outcome instead of sending again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** Format: binary */
                    sticker?: Blob;
                    /** @description Where to fetch the file from, in place of a file in the form. */
                    sticker_url?: string;
                    /** @description Name of the pack that the sticker says it is of. */
                    pack_name?: string;
                    /** @description Who made the pack. */
                    pack_publisher?: string;
                    /** @description What the sticker stands for, up to three emoji. */
                    emojis?: string[];
                };
                "application/json": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Id of the message to reply to; sent without quote when unknown. */
                    reply_message_id?: string;
                    /** @description Show the message as forwarded. */
                    is_forwarded?: boolean;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group. */
                    mentions?: string[];
                    /** Format: binary */
                    sticker?: Blob;
                    /** @description Where to fetch the file from, in place of a file in the form. */
                    sticker_url?: string;
                    /** @description Name of the pack that the sticker says it is of. */
                    pack_name?: string;
                    /** @description Who made the pack. */
                    pack_publisher?: string;
                    /** @description What the sticker stands for, up to three emoji. */
                    emojis?: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    sendPresence: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description What others see of the account.
                     * @enum {string}
                     */
                    type: "available" | "unavailable";
                    /** @description Without meaning here. */
                    is_forwarded?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    sendChatPresence: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Number with country code, or the JID of a person or group. */
                    phone: string;
                    /**
                     * @description Show that something is being typed, or no longer.
                     * @enum {string}
                     */
                    action: "start" | "stop";
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    forwardMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
                /** @description Makes repeating this request safe for 24 hours: the same key with the same body answers with the recorded outcome instead of sending again. */
                "Idempotency-Key"?: string;
            };
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Number with country code, or the JID of a person, group or channel. */
                    phone: string;
                    /** @description Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set. */
                    duration?: number;
                    /** @description Upload the media again, even where what WhatsApp has of it would do. */
                    force_reupload?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    listChats: {
        parameters: {
            query?: {
                /** @description Most chats to return. */
                limit?: number;
                /** @description Chats to skip. */
                offset?: number;
                /** @description Part of the name, in any case. */
                search?: string;
                /** @description Only chats with media messages. */
                has_media?: boolean;
                /** @description Only archived chats, or only the others. */
                archived?: boolean;
                /** @description Pinned chats stand before all others. */
                pinned_first?: boolean;
                /** @description Tell the newest message of each chat too. */
                last_message?: boolean;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            data: {
                                jid: string;
                                name: string;
                                /** Format: date-time */
                                last_message_time: string;
                                /** @description Disappearing timer in seconds, 0 when off. */
                                ephemeral_expiration: number;
                                archived: boolean;
                                pinned: boolean;
                                /** @description Messages of others that the account has read on none of its devices. */
                                unread_count: number;
                                /** Format: date-time */
                                created_at: string;
                                /** Format: date-time */
                                updated_at: string;
                                /** @description In the order they were put on. */
                                labels: {
                                    id: string;
                                    name: string;
                                }[];
                                /** @description The newest message; only when asked for. */
                                last_message?: {
                                    id: string;
                                    content: string;
                                    media_type: string;
                                    is_from_me: boolean;
                                    revoked: boolean;
                                    /** @description How far an own message has come. */
                                    status?: string;
                                };
                            }[];
                            pagination: {
                                limit: number;
                                offset: number;
                                total: number;
                            };
                        };
                    };
                };
            };
        };
    };
    listLabels: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            data: {
                                id: string;
                                name: string;
                                /** @description Number of one of WhatsApp’s twenty colours, from 0. */
                                color: number;
                                /** @description The chats that carry it, in the order it was put on them. */
                                chat_jids: string[];
                            }[];
                        };
                    };
                };
            };
        };
    };
    userMyGroups: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            data: {
                                JID: string;
                                OwnerJID: string;
                                OwnerPN: string;
                                Name: string;
                                NameSetAt: string;
                                NameSetBy: string;
                                NameSetByPN: string;
                                Topic: string;
                                TopicID: string;
                                TopicSetAt: string;
                                TopicSetBy: string;
                                TopicSetByPN: string;
                                TopicDeleted: boolean;
                                /** @description Only admins change the group. */
                                IsLocked: boolean;
                                /** @description Only admins write. */
                                IsAnnounce: boolean;
                                AnnounceVersionID: string;
                                IsEphemeral: boolean;
                                /** @description Seconds, 0 when off. */
                                DisappearingTimer: number;
                                IsIncognito: boolean;
                                /** @description A community. */
                                IsParent: boolean;
                                DefaultMembershipApprovalMode: string;
                                LinkedParentJID: string;
                                IsDefaultSubGroup: boolean;
                                IsJoinApprovalRequired: boolean;
                                /** @description `lid` or `pn`. */
                                AddressingMode: string;
                                GroupCreated: string;
                                CreatorCountryCode: string;
                                ParticipantVersionID: string;
                                Participants: {
                                    /** @description The address the group uses. */
                                    JID: string;
                                    /** @description Phone-number JID; empty when it is not known. */
                                    PhoneNumber: string;
                                    LID: string;
                                    IsAdmin: boolean;
                                    IsSuperAdmin: boolean;
                                    DisplayName: string;
                                    Error: number;
                                    AddRequest?: {
                                        Code: string;
                                        Expiration: string;
                                    };
                                }[];
                                ParticipantCount: number;
                                /** @description `admin_add`, `all_member_add`, or empty. */
                                MemberAddMode: string;
                                Suspended: boolean;
                            }[];
                        };
                    };
                };
            };
        };
    };
    groupInfo: {
        parameters: {
            query: {
                /** @description The group: its id, with or without `@g.us`. */
                group_id: string;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            JID: string;
                            OwnerJID: string;
                            OwnerPN: string;
                            Name: string;
                            NameSetAt: string;
                            NameSetBy: string;
                            NameSetByPN: string;
                            Topic: string;
                            TopicID: string;
                            TopicSetAt: string;
                            TopicSetBy: string;
                            TopicSetByPN: string;
                            TopicDeleted: boolean;
                            /** @description Only admins change the group. */
                            IsLocked: boolean;
                            /** @description Only admins write. */
                            IsAnnounce: boolean;
                            AnnounceVersionID: string;
                            IsEphemeral: boolean;
                            /** @description Seconds, 0 when off. */
                            DisappearingTimer: number;
                            IsIncognito: boolean;
                            /** @description A community. */
                            IsParent: boolean;
                            DefaultMembershipApprovalMode: string;
                            LinkedParentJID: string;
                            IsDefaultSubGroup: boolean;
                            IsJoinApprovalRequired: boolean;
                            /** @description `lid` or `pn`. */
                            AddressingMode: string;
                            GroupCreated: string;
                            CreatorCountryCode: string;
                            ParticipantVersionID: string;
                            Participants: {
                                /** @description The address the group uses. */
                                JID: string;
                                /** @description Phone-number JID; empty when it is not known. */
                                PhoneNumber: string;
                                LID: string;
                                IsAdmin: boolean;
                                IsSuperAdmin: boolean;
                                DisplayName: string;
                                Error: number;
                                AddRequest?: {
                                    Code: string;
                                    Expiration: string;
                                };
                            }[];
                            ParticipantCount: number;
                            /** @description `admin_add`, `all_member_add`, or empty. */
                            MemberAddMode: string;
                            Suspended: boolean;
                        };
                    };
                };
            };
        };
    };
    getGroupInfoFromLink: {
        parameters: {
            query: {
                /** @description Invite link, or the code in it. */
                link: string;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            group_id: string;
                            name: string;
                            topic: string;
                            created_at: string;
                            participant_count: number;
                            is_locked: boolean;
                            is_announce: boolean;
                            is_ephemeral: boolean;
                            /** @description The topic again. */
                            description: string;
                        };
                    };
                };
            };
        };
    };
    joinGroupWithLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Invite link, or the code in it. */
                    link: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description The group. */
                        results: string;
                    };
                };
            };
        };
    };
    groupInviteLink: {
        parameters: {
            query: {
                /** @description The group: its id, with or without `@g.us`. */
                group_id: string;
                /** @description Make a new link; the old one leads nowhere then. */
                reset?: boolean;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            invite_link: string;
                            group_id: string;
                        };
                    };
                };
            };
        };
    };
    resetGroupInviteLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            invite_link: string;
                            group_id: string;
                        };
                    };
                };
            };
        };
    };
    createGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    title: string;
                    /** @description Numbers with country code. One that is not on WhatsApp refuses the whole request. */
                    participants: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            group_id: string;
                            /** @description Who could not be added, and why; absent when everybody was. */
                            not_added?: {
                                participant: string;
                                message: string;
                            }[];
                        };
                    };
                };
            };
        };
    };
    leaveGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description The group. */
                        results: string;
                    };
                };
            };
        };
    };
    setGroupName: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                    /** @description At most 25 characters. */
                    name: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description The group. */
                        results: string;
                    };
                };
            };
        };
    };
    setGroupTopic: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                    /**
                     * @description Empty or absent: the topic is removed.
                     * @default
                     */
                    topic?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description The group. */
                        results: string;
                    };
                };
            };
        };
    };
    setGroupLocked: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                    locked: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description The group. */
                        results: string;
                    };
                };
            };
        };
    };
    setGroupAnnounce: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                    announce: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description The group. */
                        results: string;
                    };
                };
            };
        };
    };
    userInfo: {
        parameters: {
            query: {
                /** @description Number with country code, or the JID (or LID) of a person. */
                phone: string;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            /** @description Saved, push or business name; empty when none is known. */
                            name: string;
                            /** @description The verified name of a business, else empty. */
                            verified_name: string;
                            /** @description About text; empty when it is not shown. */
                            status: string;
                            picture_id: string;
                            devices: {
                                User: string;
                                Agent: number;
                                Device: string;
                                Server: string;
                                /** @description Whether it is a linked device, not the phone. */
                                AD: boolean;
                            }[];
                            /** @description The same person, as a list of one. */
                            data: {
                                /** @description Saved, push or business name; empty when none is known. */
                                name: string;
                                /** @description The verified name of a business, else empty. */
                                verified_name: string;
                                /** @description About text; empty when it is not shown. */
                                status: string;
                                picture_id: string;
                                devices: {
                                    User: string;
                                    Agent: number;
                                    Device: string;
                                    Server: string;
                                    /** @description Whether it is a linked device, not the phone. */
                                    AD: boolean;
                                }[];
                            }[];
                            /** @description The number of who was asked for by LID, where it is known. */
                            resolved_phone?: string;
                            /** @description The LID of who has a number, where it is known. */
                            resolved_lid?: string;
                        };
                    };
                };
            };
        };
    };
    userAvatar: {
        parameters: {
            query: {
                /** @description Number with country code, or the JID of a person or group. */
                phone: string;
                /** @description The small picture. */
                is_preview?: boolean;
                /** @description Of a community; for people it does not matter. */
                is_community?: boolean;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            url: string;
                            id: string;
                            type: string;
                        };
                    };
                };
            };
        };
    };
    userChangeAvatar: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    avatar?: Blob;
                };
                "application/json": {
                    /** Format: binary */
                    avatar?: Blob;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: string;
                    };
                };
            };
        };
    };
    userRemoveAvatar: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                    };
                };
            };
        };
    };
    userAvatarFile: {
        parameters: {
            query: {
                /** @description Number with country code, or the JID of a person or group. */
                phone: string;
                /** @description The small picture. */
                is_preview?: boolean;
                /** @description Of a community; for people it does not matter. */
                is_community?: boolean;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": unknown;
                };
            };
        };
    };
    userCheck: {
        parameters: {
            query: {
                /** @description Number with country code, or the JID (or LID) of a person. */
                phone: string;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            is_on_whatsapp: boolean;
                        };
                    };
                };
            };
        };
    };
    userBusinessProfile: {
        parameters: {
            query: {
                /** @description Number with country code, or the JID (or LID) of a person. */
                phone: string;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            jid: string;
                            email: string;
                            address: string;
                            categories: {
                                id: string;
                                name: string;
                            }[];
                            profile_options: {
                                [key: string]: string;
                            };
                            business_hours_timezone: string;
                            business_hours: {
                                day_of_week: string;
                                mode: string;
                                open_time: string;
                                close_time: string;
                            }[];
                        };
                    };
                };
            };
        };
    };
    userChangePushName: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    push_name: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                    };
                };
            };
        };
    };
    userMyPrivacy: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            group_add: string;
                            last_seen: string;
                            status: string;
                            profile: string;
                            read_receipts: string;
                        };
                    };
                };
            };
        };
    };
    userMyNewsletter: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            data: {
                                id: string;
                                state: {
                                    type: string;
                                };
                                thread_metadata: {
                                    creation_time: string;
                                    invite: string;
                                    name: {
                                        text: string;
                                        id: string;
                                        update_time: string;
                                    };
                                    description: {
                                        text: string;
                                        id: string;
                                        update_time: string;
                                    };
                                    subscribers_count: string;
                                    verification: string;
                                    picture?: {
                                        url: string;
                                        id: string;
                                        type: string;
                                        direct_path: string;
                                    };
                                    preview: {
                                        url: string;
                                        id: string;
                                        type: string;
                                        direct_path: string;
                                    };
                                    settings: {
                                        reaction_codes: {
                                            value: string;
                                        };
                                    };
                                };
                                viewer_metadata?: {
                                    mute: string;
                                    role: string;
                                };
                            }[];
                        };
                    };
                };
            };
        };
    };
    userMyContacts: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            data: {
                                jid: string;
                                name: string;
                            }[];
                        };
                    };
                };
            };
        };
    };
    unfollowNewsletter: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    newsletter_id: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                    };
                };
            };
        };
    };
    newsletterMessages: {
        parameters: {
            query: {
                newsletter_id: string;
                count?: number;
                /** @description Server id; only older posts. 0: the newest. */
                before?: number;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            data: {
                                server_id: number;
                                message_id: string;
                                type: string;
                                timestamp: string;
                                views_count: number;
                                reaction_counts?: {
                                    [key: string]: number;
                                };
                                text?: string;
                            }[];
                        };
                    };
                };
            };
        };
    };
    getGroupParticipants: {
        parameters: {
            query?: {
                /** @description The group: its id, with or without `@g.us`. */
                group_id?: string;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            group_id: string;
                            name: string;
                            participants: {
                                /** @description Phone-number JID when it is known, else LID. */
                                jid: string;
                                /** @description Phone-number JID; empty when it is not known. */
                                phone_number: string;
                                lid?: string;
                                display_name?: string;
                                is_admin: boolean;
                                is_super_admin: boolean;
                            }[];
                        };
                    };
                };
            };
        };
    };
    addParticipantToGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                    /** @description Numbers with country code. One that is not on WhatsApp refuses the whole request. */
                    participants: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            participant: string;
                            /** @enum {string} */
                            status: "success" | "error";
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    exportGroupParticipants: {
        parameters: {
            query?: {
                /** @description The group: its id, with or without `@g.us`. */
                group_id?: string;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The participants */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    removeParticipantFromGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                    /** @description Numbers with country code. One that is not on WhatsApp refuses the whole request. */
                    participants: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            participant: string;
                            /** @enum {string} */
                            status: "success" | "error";
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    promoteParticipantToAdmin: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                    /** @description Numbers with country code. One that is not on WhatsApp refuses the whole request. */
                    participants: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            participant: string;
                            /** @enum {string} */
                            status: "success" | "error";
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    demoteParticipantToMember: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                    /** @description Numbers with country code. One that is not on WhatsApp refuses the whole request. */
                    participants: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            participant: string;
                            /** @enum {string} */
                            status: "success" | "error";
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getGroupParticipantRequests: {
        parameters: {
            query?: {
                /** @description The group: its id, with or without `@g.us`. */
                group_id?: string;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            data: {
                                jid: string;
                                /** @description Digits; empty when the number is not known. */
                                phone_number: string;
                                display_name?: string;
                                requested_at: string;
                            }[];
                        };
                    };
                };
            };
        };
    };
    approveGroupParticipantRequest: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                    /** @description Numbers with country code. One that is not on WhatsApp refuses the whole request. */
                    participants: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description The group. */
                        results: string;
                    };
                };
            };
        };
    };
    rejectGroupParticipantRequest: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                    /** @description Numbers with country code. One that is not on WhatsApp refuses the whole request. */
                    participants: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        /** @description The group. */
                        results: string;
                    };
                };
            };
        };
    };
    setGroupPhoto: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                    /** Format: binary */
                    photo?: Blob;
                };
                "application/json": {
                    /** @description The group: its id, with or without `@g.us`. */
                    group_id: string;
                    /** Format: binary */
                    photo?: Blob;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            /** @description `remove` when the photo was removed. */
                            picture_id: string;
                            message: string;
                        };
                    };
                };
            };
        };
    };
    getChatMessages: {
        parameters: {
            query?: {
                /** @description Most messages to return. */
                limit?: number;
                /** @description Messages to skip. */
                offset?: number;
                /** @description Not before this time (RFC 3339). */
                start_time?: string;
                /** @description Not after this time (RFC 3339). */
                end_time?: string;
                /** @description Only messages with media; with it `is_from_me=false` does not count. */
                media_only?: boolean;
                /** @description Only own messages, or only the others. */
                is_from_me?: boolean;
                /** @description Part of the text, in any case. */
                search?: string;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path: {
                chat_jid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            data: {
                                id: string;
                                chat_jid: string;
                                sender_jid: string;
                                sender_display_name: string;
                                content: string;
                                /** Format: date-time */
                                timestamp: string;
                                is_from_me: boolean;
                                /**
                                 * @description How far an own message has come; `unknown` when nobody confirmed it within a day.
                                 * @enum {string}
                                 */
                                status?: "pending" | "sent" | "delivered" | "read" | "played" | "failed" | "unknown";
                                media_type: string;
                                /**
                                 * @description Of the file, here: `waiting` to be fetched, `stored`, `failed` (given up), `removed` (kept no longer). Absent when it was never fetched. A download fetches it in any state.
                                 * @enum {string}
                                 */
                                media_state?: "waiting" | "stored" | "failed" | "removed";
                                filename: string;
                                url: string;
                                file_length: number;
                                /** @description Id of the message that it answers. */
                                replied_to_id?: string;
                                /** @description Deleted for everyone; its text stays here. */
                                revoked: boolean;
                                /**
                                 * Format: date-time
                                 * @description When its text was last changed.
                                 */
                                edited_at?: string;
                                starred: boolean;
                                /** @description What people react with now, oldest first. */
                                reactions: {
                                    emoji: string;
                                    sender_jid: string;
                                    sender_display_name: string;
                                    is_from_me: boolean;
                                    /** Format: date-time */
                                    timestamp: string;
                                }[];
                                /** Format: date-time */
                                created_at: string;
                                /** Format: date-time */
                                updated_at: string;
                            }[];
                            pagination: {
                                limit: number;
                                offset: number;
                                total: number;
                            };
                            chat_info: {
                                jid: string;
                                name: string;
                                /** Format: date-time */
                                last_message_time: string;
                                /** @description Disappearing timer in seconds, 0 when off. */
                                ephemeral_expiration: number;
                                archived: boolean;
                                pinned: boolean;
                                /** @description Messages of others that the account has read on none of its devices. */
                                unread_count: number;
                                /** Format: date-time */
                                created_at: string;
                                /** Format: date-time */
                                updated_at: string;
                            };
                        };
                    };
                };
            };
        };
    };
    searchMessages: {
        parameters: {
            query: {
                /** @description Words, or beginnings of words, that a message has to have; in any order and case. */
                q: string;
                /** @description Only in this chat. */
                chat_jid?: string;
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            data: {
                                id: string;
                                chat_jid: string;
                                sender_jid: string;
                                sender_display_name: string;
                                content: string;
                                /** Format: date-time */
                                timestamp: string;
                                is_from_me: boolean;
                                /**
                                 * @description How far an own message has come; `unknown` when nobody confirmed it within a day.
                                 * @enum {string}
                                 */
                                status?: "pending" | "sent" | "delivered" | "read" | "played" | "failed" | "unknown";
                                media_type: string;
                                /**
                                 * @description Of the file, here: `waiting` to be fetched, `stored`, `failed` (given up), `removed` (kept no longer). Absent when it was never fetched. A download fetches it in any state.
                                 * @enum {string}
                                 */
                                media_state?: "waiting" | "stored" | "failed" | "removed";
                                filename: string;
                                url: string;
                                file_length: number;
                                /** @description Id of the message that it answers. */
                                replied_to_id?: string;
                                /** @description Deleted for everyone; its text stays here. */
                                revoked: boolean;
                                /**
                                 * Format: date-time
                                 * @description When its text was last changed.
                                 */
                                edited_at?: string;
                                starred: boolean;
                                /** Format: date-time */
                                created_at: string;
                                /** Format: date-time */
                                updated_at: string;
                                chat_name: string;
                            }[];
                            has_more: boolean;
                        };
                    };
                };
            };
        };
    };
    revokeMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Whose chat the message is in: a number with country code, or a JID. */
                    phone: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    reactMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Whose chat the message is in: a number with country code, or a JID. */
                    phone: string;
                    /** @description The emoji; empty takes the reaction back. */
                    emoji: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    updateMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Whose chat the message is in: a number with country code, or a JID. */
                    phone: string;
                    /** @description The new text or caption. `@<number>` in it mentions that person. */
                    message: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    deleteMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Whose chat the message is in: a number with country code, or a JID. */
                    phone: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    readMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Whose chat the message is in: a number with country code, or a JID. */
                    phone: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                        };
                    };
                };
            };
        };
    };
    starMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Whose chat the message is in: a number with country code, or a JID. */
                    phone: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                    };
                };
            };
        };
    };
    unstarMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Whose chat the message is in: a number with country code, or a JID. */
                    phone: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                    };
                };
            };
        };
    };
    pinChat: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path: {
                chat_jid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    pinned: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            /** @enum {string} */
                            status: "success";
                            message: string;
                            chat_jid: string;
                            pinned: boolean;
                        };
                    };
                };
            };
        };
    };
    archiveChat: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path: {
                chat_jid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    archived: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            /** @enum {string} */
                            status: "success";
                            message: string;
                            chat_jid: string;
                            archived: boolean;
                        };
                        /** @enum {number} */
                        status: 200;
                    };
                };
            };
        };
    };
    setDisappearingTimer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path: {
                chat_jid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description 0 (off), 86400 (24h), 604800 (7d) or 7776000 (90d). */
                    timer_seconds: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            /** @enum {string} */
                            status: "success";
                            message: string;
                            chat_jid: string;
                            timer_seconds: number;
                        };
                        /** @enum {number} */
                        status: 200;
                    };
                };
            };
        };
    };
    labelChat: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path: {
                chat_jid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The label’s number, as text; an unknown one is made. */
                    label_id: string;
                    /** @description Its name, for one that is made. */
                    label_name: string;
                    /** @description Put the label on the chat, or take it off. */
                    labeled: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            /** @enum {string} */
                            status: "success";
                            message: string;
                            chat_jid: string;
                            label_id: string;
                            labeled: boolean;
                        };
                    };
                };
            };
        };
    };
    rejectCall: {
        parameters: {
            query?: never;
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Who calls: `from` of the `call.offer` event, or its `from_lid`. */
                    caller_jid: string;
                    /** @description `call_id` of the `call.offer` event. */
                    call_id: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                    };
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Only events of this device */
                device_id?: string;
                /** @description Only these kinds, with commas, `message.*` and `*` understood; all kinds when absent */
                events?: string;
                /** @description `cursor` or `id` of the last event that is known */
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            data: {
                                /** @description Give it as `after` to go on behind this event */
                                cursor: string;
                                /** @description The same everywhere and at every delivery */
                                id: string;
                                /** @description Number within the device, without gaps */
                                seq: number;
                                /** Format: date-time */
                                created_at: string;
                                /** @enum {string} */
                                event: "message" | "message.reaction" | "message.revoked" | "message.edited" | "message.ack" | "message.status" | "media.downloaded" | "media.failed" | "message.undecryptable" | "message.deleted" | "poll.vote" | "chat_presence" | "group.participants" | "group.joined" | "label.edit" | "label.association" | "newsletter.joined" | "newsletter.left" | "newsletter.mute" | "newsletter.message" | "call.offer" | "contact.identity_resolved" | "history.synced" | "device.qr" | "device.connected" | "device.disconnected" | "device.deaf" | "device.logged_out" | "device.restricted" | "device.restriction_lifted";
                                /** @description What a webhook carries */
                                body: {
                                    [key: string]: unknown;
                                };
                            }[];
                            /** @description Give it as `after` for what comes later, also when there is nothing yet */
                            next: string;
                            has_more: boolean;
                            /** @description Only when events behind `after` are not there any more, deleted for their age */
                            gap?: {
                                /** @description What was asked for */
                                after: string;
                                /** @description The place up to which events behind it were deleted */
                                deleted_to: string;
                            };
                        };
                    };
                };
            };
        };
    };
    storedMedia: {
        parameters: {
            query?: {
                /** @description Seconds since 1970 */
                expires?: string;
                signature?: string;
                type?: string;
                name?: string;
            };
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
        };
    };
    downloadMessageMedia: {
        parameters: {
            query: {
                /** @description Number with country code, or the JID of the chat that the message is in. */
                phone: string;
                /** @description 1: answer the bytes of the file, with ranges, and not JSON. So does an Accept header that takes no JSON. */
                raw?: "0" | "1" | "true" | "false";
            };
            header?: {
                /** @description Device this request is for: its id, or the JID of its account. May be left out while there is exactly one device. `device_id` in the query is understood too. */
                "X-Device-Id"?: string;
            };
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, in JSON or as it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        code: "SUCCESS";
                        message: string;
                        results: {
                            message_id: string;
                            status: string;
                            media_type: string;
                            mime_type: string;
                            file_size: number;
                            file_name: string;
                            filename: string;
                            /** @description Where the file is served; works without credentials until the link expires. */
                            file_path: string;
                            file_url: string;
                            /**
                             * Format: byte
                             * @description The file.
                             */
                            data: string;
                        };
                        /** @enum {number} */
                        status: 200;
                    };
                    "application/octet-stream": unknown;
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
}
