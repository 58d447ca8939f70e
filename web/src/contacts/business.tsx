import type { BusinessDay, BusinessProfile } from './shapes.ts'

const dayNames: Readonly<Record<string, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}

/** What a business tells of itself, with its hours. */
export function Business({ profile }: { readonly profile: BusinessProfile }) {
  const { email, address, categories, business_hours: hours, business_hours_timezone: zone } = profile
  return (
    <section class="card stack">
      <h3>Business</h3>
      <dl class="facts">
        {categories.length > 0 && (
          <>
            <dt>Kind</dt>
            <dd>{categories.map(({ name }) => name).join(', ')}</dd>
          </>
        )}
        {email !== '' && (
          <>
            <dt>E-mail</dt>
            <dd>
              <a href={`mailto:${email}`}>{email}</a>
            </dd>
          </>
        )}
        {address !== '' && (
          <>
            <dt>Address</dt>
            <dd>{address}</dd>
          </>
        )}
      </dl>
      {hours.length > 0 && (
        <>
          <h4>
            Hours
            {zone !== '' && <span class="soft small"> in {zone}</span>}
          </h4>
          <table class="hours">
            <tbody>
              {hours.map((day) => (
                <tr key={`${day.day_of_week} ${day.open_time}`}>
                  <th scope="row">{dayNames[day.day_of_week] ?? day.day_of_week}</th>
                  <td>{hoursOf(day)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  )
}

function hoursOf({ mode, open_time: open, close_time: close }: BusinessDay): string {
  if (mode === 'open_24h') return 'All day'
  if (mode === 'appointment_only') return 'By appointment'
  return open === '' && close === '' ? 'Closed' : `${open} to ${close}`
}
