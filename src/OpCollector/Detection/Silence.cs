using System.Globalization;
using OpCollector.Checkpoints;
using OpCollector.Detection.Findings;
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
    /// <param name="last">The newest event that was ever delivered: its id, where one says where we are, and its time; where there was
    /// none, the time of the first run; null where that is not known.</param>
    /// <param name="reading">What became of the reading in this run; one that has more to read judges nothing.</param>
    /// <param name="lastFullRead">When a run before this one last read the source to its end, or the time of the first run; null where
    /// neither is known.</param>
    public static (IReadOnlyList<Finding> Findings, SilenceAlarms Told) Judge(
        SilenceSettings settings,
        SilenceAlarms told,
        (string? Id, DateTimeOffset Time)? last,
        ReadingState reading,
        DateTimeOffset? lastFullRead,
        DateTimeOffset now)
    {
        if (settings.After is not { } after || last is not var (id, time))
        {
            return ([], told);
        }

        var report = new SilenceReport(after, id, time);
        told = report.OnEvents(told, reading, now);
        told = report.OnSource(told, reading, lastFullRead, now);
        return (report.Findings, told);
    }
}

/// <summary>Writes the findings of one judgement: each names the newest event that was ever delivered.</summary>
/// <param name="after">How long it may be silent.</param>
/// <param name="id">The id of that event, where one says where we are.</param>
/// <param name="time">Its time.</param>
internal sealed class SilenceReport(TimeSpan after, string? id, DateTimeOffset time)
{
    readonly string _mark = id ?? time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
    readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Whether events come.</summary>
    public SilenceAlarms OnEvents(SilenceAlarms told, ReadingState reading, DateTimeOffset now)
    {
        if (told.Silent is { } since && since != _mark)
        {
            // By what was silent, and not by what came first: a run that dies behind its delivery is followed by one that has read more.
            Add(NativeRules.Silence, $"Events are coming again, after none since {Named(since)}", since, $"{NativeRules.Silent} over");
            told = told with { Silent = null };
        }

        if (reading == ReadingState.AllRead && told.Silent is null && now - time > after)
        {
            Add(NativeRules.Silence, $"No event for more than {Text(after)}, since {Named(_mark)}", _mark, NativeRules.Silent);
            told = told with { Silent = _mark };
        }

        return told;
    }

    /// <summary>Whether the source can be read to its end.</summary>
    public SilenceAlarms OnSource(SilenceAlarms told, ReadingState reading, DateTimeOffset? lastFullRead, DateTimeOffset now)
    {
        if (reading == ReadingState.AllRead && told.Unreadable is { } before)
        {
            Add(NativeRules.SourceUnreadable, "The source can be read again", before, $"{NativeRules.Unreadable} over");
            told = told with { Unreadable = null };
        }

        if (reading == ReadingState.WaitingForSource && told.Unreadable is null && lastFullRead is { } read && now - read > after)
        {
            Add(
                NativeRules.SourceUnreadable,
                $"The source could not be read to its end for more than {Text(after)}; what happened since {Named(_mark)} is not known",
                _mark,
                NativeRules.Unreadable);
            told = told with { Unreadable = _mark };
        }

        return told;
    }

    void Add(Sigma.RuleInfo rule, string summary, string one, string which) =>
        _findings.Add(FindingJson.Write(rule, new Evidence(Streams.Audit, time, summary, id is null ? [] : [one], default)
        {
            Key = id is null ? $"{which} {one}" : which,
        }));

    static string Named(string one) => one.All(char.IsAsciiDigit) ? $"event {one}" : one;

    static string Text(TimeSpan span) => span.TotalHours < 48 ? $"{span.TotalHours:0.#} hours" : $"{span.TotalDays:0.#} days";
}
