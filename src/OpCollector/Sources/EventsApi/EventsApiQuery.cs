using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// What a stream is asked: to go on at a cursor, or to begin at a time. The API wants either, never both
/// (https://www.1password.dev/events-api/reference).
/// </summary>
/// <param name="Limit">The most events of a page; it lives on in the cursors that come of it, as the end does.</param>
internal sealed record EventsApiQuery(string? Cursor, DateTimeOffset Since, DateTimeOffset? Until, int Limit)
{
    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Cursor is not null)
            {
                json.WriteString("cursor"u8, Cursor);
            }
            else
            {
                json.WriteNumber("limit"u8, Limit);
                json.WriteString("start_time"u8, Rfc3339.Format(Since));
                if (Until is { } until)
                {
                    json.WriteString("end_time"u8, Rfc3339.Format(until));
                }
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
