using System.Globalization;
using System.Text.Json;
using OpCollector.Configuration;

namespace OpCollector.Sources;

/// <summary>Where the very first run begins: at the newest event, at the oldest, some time ago, or after an event id.</summary>
internal sealed record StartingPoint(string Text, bool Oldest = false, TimeSpan? Ago = null, long? Eid = null)
{
    public static StartingPoint Read(ConfigurationMember member) => member switch
    {
        // An event id is a number, and people write it as one.
        _ when member.AsNumber() is { } eid => new StartingPoint(eid.ToString(CultureInfo.InvariantCulture), Eid: eid),
        _ when member.Kind == JsonTokenType.Number => throw member.Wrong(
            $"{member.Json} is not an event id, which is a whole number; anything else is a text in quotes, such as \"24h\""),
        _ when member.AsText() == "latest" => new StartingPoint("latest"),
        _ when member.AsText() == "oldest" => new StartingPoint("oldest", Oldest: true),
        _ when DurationText.TryParse(member.AsText()) is { } ago => new StartingPoint(member.AsText(), Ago: ago),
        _ when long.TryParse(member.AsText(), NumberStyles.None, CultureInfo.InvariantCulture, out var eid) =>
            new StartingPoint(member.AsText(), Eid: eid),
        _ => throw member.Wrong($"\"{member.AsText()}\" is not \"latest\", \"oldest\", an event id or {DurationText.Form}"),
    };
}
