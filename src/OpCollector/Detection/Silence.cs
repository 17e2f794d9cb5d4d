using System.Globalization;
using OpCollector.Checkpoints;
using OpCollector.Events;
using OpCollector.Sources;

namespace OpCollector.Detection;

/// <summary>
/// Judges, at the end of a run, whether the account has fallen silent or its source cannot be read; each is reported once, and once
/// when it is over. Pure: what is known goes in, findings and what has been reported come out.
/// </summary>
internal static class Silence
{
    /// <param name="told">What earlier runs have reported and is not over.</param>
    /// <param name="last">The newest event that was ever delivered: its id, where one says where we are, and its time; null where there
    /// was none.</param>
    /// <param name="reading">What became of the reading in this run; one that has more to read judges nothing.</param>
    /// <param name="lastFullRead">When a run before this one last read the source to its end; null when none ever did.</param>
    // Long: the four alarms are side by side, because each looks at the same state.
    public static (IReadOnlyList<Finding> Findings, SilenceAlarms Told) Judge(
        SilenceSettings settings,
        SilenceAlarms told,
        (string? Id, DateTimeOffset Time)? last,
        ReadingState reading,
        DateTimeOffset? lastFullRead,
        DateTimeOffset now)
    {
        var findings = new List<Finding>();
        if (settings.After is not { } after || last is not var (id, time))
        {
            return (findings, told);
        }

        var mark = id ?? time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
        string Named(string one) => id is null ? one : $"event {one}";
        Finding Write(Sigma.RuleInfo rule, string summary, string one, string which) =>
            FindingJson.Write(rule, new Evidence(Streams.Audit, time, summary, id is null ? [] : [one], default)
            {
                Key = id is null ? $"{which} {one}" : which,
            });

        if (told.Silent is { } since && since != mark)
        {
            // By what was silent, and not by what came first: a run that dies behind its delivery is followed by one that has read more.
            findings.Add(
                Write(
                    NativeRules.Silence, $"Events are coming again, after none since {Named(since)}", since, $"{NativeRules.Silent} over"));
            told = told with { Silent = null };
        }

        if (reading == ReadingState.AllRead && told.Silent is null && now - time > after)
        {
            findings.Add(
                Write(NativeRules.Silence, $"No event for more than {Text(after)}, since {Named(mark)}", mark, NativeRules.Silent));
            told = told with { Silent = mark };
        }

        if (reading == ReadingState.AllRead && told.Unreadable is { } before)
        {
            findings.Add(Write(NativeRules.SourceUnreadable, "The source can be read again", before, $"{NativeRules.Unreadable} over"));
            told = told with { Unreadable = null };
        }

        if (reading == ReadingState.WaitingForSource && told.Unreadable is null && lastFullRead is { } read && now - read > after)
        {
            findings.Add(
                Write(
                    NativeRules.SourceUnreadable,
                    $"The source could not be read to its end for more than {Text(after)}; what happened since {Named(mark)} is not known",
                    mark,
                    NativeRules.Unreadable));
            told = told with { Unreadable = mark };
        }

        return (findings, told);
    }

    static string Text(TimeSpan span) => span.TotalHours < 48 ? $"{span.TotalHours:0.#} hours" : $"{span.TotalDays:0.#} days";
}
