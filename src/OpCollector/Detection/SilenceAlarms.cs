namespace OpCollector.Detection;

/// <summary>The alarms for silence that were delivered and are not over yet.</summary>
/// <param name="Silent">The id of the last event, or its time where no id says where we are, before the silence that was reported; null
/// when none is.</param>
/// <param name="Unreadable">The last event before the source became unreadable; null when that is not reported.</param>
internal sealed record SilenceAlarms(string? Silent, string? Unreadable)
{
    public static readonly SilenceAlarms Nothing = new(null, null);
}
