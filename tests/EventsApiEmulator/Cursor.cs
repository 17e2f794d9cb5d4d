using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EventsApiEmulator;

/// <summary>A place in a stream; opaque to clients, and without a memory on the server: limit and end live in it.</summary>
/// <param name="Epoch">A cursor of another epoch is no longer good.</param>
/// <param name="Number">How many items are behind it, where insertion counts.</param>
internal sealed record Cursor(
    string Feature, int Epoch, int Limit, DateTimeOffset Start, DateTimeOffset? End, long Milliseconds, string Uuid, int Number)
{
    public static Cursor? TryParse(string text)
    {
        if (!Base64Url.IsValid(text)
            || Encoding.UTF8
                .GetString(Base64Url.DecodeFromChars(text))
                .Split('|') is not [var feature, var epoch, var limit, var start, var end, var milliseconds, var uuid, var number])
        {
            return null;
        }

        return new Cursor(
            feature,
            int.Parse(epoch, CultureInfo.InvariantCulture),
            int.Parse(limit, CultureInfo.InvariantCulture),
            DateTimeOffset.Parse(start, CultureInfo.InvariantCulture),
            end.Length == 0 ? null : DateTimeOffset.Parse(end, CultureInfo.InvariantCulture),
            long.Parse(milliseconds, CultureInfo.InvariantCulture),
            uuid,
            int.Parse(number, CultureInfo.InvariantCulture));
    }

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{Feature}|{Epoch}|{Limit}|{Start:O}|{End:O}|{Milliseconds}|{Uuid}|{Number}")));
}
