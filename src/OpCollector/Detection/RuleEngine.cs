using OpCollector.Detection.Findings;
using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Detection.Sigma.Matching;
using OpCollector.Detection.Sigma.Reading;
using OpCollector.Events;
using OpCollector.Names;

namespace OpCollector.Detection;

/// <summary>
/// Shows every event to the rules, one after the other, and remembers what correlations need. Its time is the events', so that the same
/// events in the same order make the same findings; the clock only says what is still to come.
/// </summary>
internal sealed class RuleEngine
{
    readonly EventView _view;
    readonly FindingWriter _writer;
    readonly Correlator _correlator;
    readonly WorkingHours _hours;
    readonly HashSet<string> _reporting;
    readonly bool _watchesHours;
    readonly Dictionary<string, RuleIndex> _indexes;
    readonly IReadOnlyDictionary<string, Matcher> _filtered;
    readonly BelievedTimes _times;
    readonly int _actor;
    readonly int _actorAddress;
    readonly int _signedIn;
    readonly int _signedInAddress;
    readonly int _category;
    readonly int _action;

    /// <param name="reporting">The ids of the rules whose findings are wanted; the others work for correlations only.</param>
    /// <param name="lateness">How late an event may arrive and still be counted where it belongs.</param>
    /// <param name="sentences">What is said of an event that no run has explained.</param>
    /// <param name="times">When events are taken to have happened.</param>
    public RuleEngine(
        SigmaRules rules, IEnumerable<string> reporting, WorkingHours hours, TimeSpan lateness, Sentences sentences, BelievedTimes times)
    {
        _times = times;
        var fields = rules.Fields;
        (_actor, _actorAddress, _signedIn, _signedInAddress) =
            (fields.Slot("actor_uuid"), fields.Slot("actor_email"), fields.Slot("target_user.uuid"), fields.Slot("target_user.email"));
        (_category, _action) = (fields.Slot("category"), fields.Slot("action"));
        _view = new EventView(fields);
        _writer = new FindingWriter(fields, _view, sentences);
        _reporting = [.. reporting];
        _correlator = new Correlator(rules, _reporting, _view, _writer, lateness);
        (_hours, _filtered) = (hours, rules.Filtered);
        _watchesHours = !hours.IsEmpty && (_reporting.Contains(NativeRules.OffHours.Id) || _correlator.RestsOn(NativeRules.OffHours));
        var needed = rules.Rules
            .Where(rule => rule.IsUsable && (_reporting.Contains(rule.Info.Id) || _correlator.RestsOn(rule.Info)))
            .ToArray();
        _indexes = Streams.All.ToDictionary(
            stream => stream,
            stream => new RuleIndex(needed.Where(rule => rule.Info.Stream is null || rule.Info.Stream == stream), _action));
    }

    /// <summary>What is remembered of earlier events.</summary>
    public IReadOnlyList<RuleMemory> Memories => _correlator.Memories;

    /// <summary>When the first wait is over that something has not happened; null where no rule waits.</summary>
    public DateTimeOffset? Due => _correlator.Due;

    /// <summary>That a correlation had to forget something; each once.</summary>
    public IEnumerable<string> Warnings => Memories.Select(memory => memory.Warning).Append(_correlator.Bound.Warning).OfType<string>();

    /// <summary>Takes up what earlier runs have written down.</summary>
    public MemoryReplay Replay() => new(Memories, _correlator.Bound, _times);

    /// <summary>Writes down all changes of the memory from now on.</summary>
    public void WriteTo(MemoryJournal journal) => _correlator.WriteTo(journal);

    /// <summary>The findings that an event causes, in the order of the rules.</summary>
    /// <param name="bytes">The event as it is delivered: a JSON object.</param>
    /// <param name="id">What receivers know the event by.</param>
    /// <param name="time">When it happened; without it no correlation counts it, and nobody's working hours are asked.</param>
    public IReadOnlyList<Finding> Evaluate(ReadOnlyMemory<byte> bytes, string stream, string id, DateTimeOffset? time)
    {
        time = _times.Believe(time);
        if (!_indexes.TryGetValue(stream, out var index))
        {
            return [];
        }

        _view.Read(bytes);
        _correlator.Begin();
        List<Finding> findings = [];
        // What several rules remember of one event is one array.
        string[]? ids = null;
        foreach (var rule in index.Candidates(_view))
        {
            if (rule.Matcher.Matches(_view))
            {
                Report(rule.Info, stream, ids ??= [id], time, findings);
            }
        }

        if (time is { } moment)
        {
            if (_watchesHours)
            {
                LookAtHours(stream, id, moment, findings);
            }

            _correlator.AdvanceTo(_times.UpTo(moment), findings);
        }

        if (findings.Count > 0)
        {
            _correlator.AddRisk(findings, stream);
        }

        return findings;
    }

    /// <summary>Findings about expected events that did not come in time, where no later event shows it.</summary>
    public IReadOnlyList<Finding> Overdue(DateTimeOffset now)
    {
        List<Finding> findings = [];
        _correlator.AdvanceTo(now, findings);
        return findings;
    }

    /// <summary>Reports what a rule has seen, where it is wanted, and shows it to the correlations that rest on the rule.</summary>
    void Report(RuleInfo rule, string stream, string[] ids, DateTimeOffset? time, List<Finding> findings)
    {
        if (_reporting.Contains(rule.Id))
        {
            findings.Add(_writer.One(rule, stream, ids[0], time));
        }

        if (time is { } when && _correlator.RestsOn(rule))
        {
            _correlator.AddMatch(rule, when, ids, stream, findings);
        }
    }

    // One stretch outside the hours is one finding; what rests on the rule sees each event.
    void LookAtHours(string stream, string id, DateTimeOffset time, List<Finding> findings)
    {
        var (user, address) = stream switch
        {
            Streams.Audit when !NativeRules.Automatic.Contains(_view.FirstText(_action)) =>
                (_view.FirstText(_actor), _view.FirstText(_actorAddress)),
            Streams.SignIn when _view.FirstText(_category) is "success" or "firewall_reported_success" =>
                (_view.FirstText(_signedIn), _view.FirstText(_signedInAddress)),
            _ => (null, null),
        };
        if (user is null
            || _hours.StretchOf(user, address, time) is not { } stretch
            || (_filtered.TryGetValue(NativeRules.OffHours.Id, out var left) && left.Matches(_view)))
        {
            return;
        }

        if (_correlator.BeginsStretch(user, stretch, time, id) && _reporting.Contains(NativeRules.OffHours.Id))
        {
            findings.Add(_writer.One(NativeRules.OffHours, stream, id, time));
        }

        if (_correlator.RestsOn(NativeRules.OffHours))
        {
            _correlator.AddMatch(NativeRules.OffHours, time, [id], stream, findings);
        }
    }
}
