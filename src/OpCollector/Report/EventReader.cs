using OpCollector.Detection;
using OpCollector.Detection.Findings;
using OpCollector.Detection.Sigma.Matching;
using OpCollector.Events;
using OpCollector.Names;

namespace OpCollector.Report;

/// <summary>Finds in an event what a report counts.</summary>
internal sealed class EventReader
{
    const int LongestSentence = 400;
    const int LongestName = 100;

    readonly FieldTable _fields = new();
    readonly EventView _view;
    readonly EventSummary _summary;
    readonly int[] _actor;
    readonly int[] _target;
    readonly int[] _user;
    readonly int _client;
    readonly int[] _country;
    readonly int[] _address;
    readonly int _category;
    readonly int _type;
    readonly int _action;
    string _stream = "";

    public EventReader()
    {
        _actor = Slots("actor_uuid", "actor_name", "actor_email");
        _target = Slots("target_user.uuid", "target_user.name", "target_user.email");
        _user = Slots("user.uuid", "user.name", "user.email");
        _client = _fields.Slot("client.app_name");
        _country = Slots("location.country", "country");
        _address = Slots("client.ip_address", "session.ip");
        (_category, _type, _action) = (_fields.Slot("category"), _fields.Slot("type"), _fields.Slot("action"));
        _summary = new EventSummary(_fields, Sentences.WithoutNames);
        _view = new EventView(_fields);
    }

    /// <summary>Who caused it, by uuid.</summary>
    public string? Person => Text(Who[0], LongestName);

    public string? PersonName => Text(Who[1], LongestName);

    public string? PersonAddress => Text(Who[2], LongestName);

    public string? Client => Text(_client, LongestName);

    public string? Country => Text(_country[0], LongestName) ?? Text(_country[1], LongestName);

    public string? NetworkAddress => Text(_address[0], LongestName) ?? Text(_address[1], LongestName);

    /// <summary>Why a sign-in failed; null for one that did not, and for any other event.</summary>
    public string? FailureReason => _stream == Streams.SignIn && Text(_category, LongestName) is { } category
        && category.EndsWith("_failed", StringComparison.Ordinal)
        ? Text(_type, LongestName) is { } type ? $"{category}: {type}" : category
        : null;

    /// <summary>Whether it happens by itself, at any hour.</summary>
    public bool IsAutomatic => NativeRules.Automatic.Contains(_view.FirstText(_action));

    int[] Who => _stream switch
    {
        Streams.SignIn => _target,
        Streams.ItemUsage => _user,
        _ => _actor,
    };

    public ShownEvent Read(ReadOnlyMemory<byte> bytes, string stream, string id, DateTimeOffset? time)
    {
        _view.Read(bytes);
        _stream = stream;
        return new ShownEvent(
            time,
            stream,
            ForeignText.Shortened(id, LongestName),
            ForeignText.Shortened(_summary.Summarize(_view, stream), LongestSentence));
    }

    string? Text(int slot, int most) => _view.FirstText(slot) is { } said ? ForeignText.Shortened(said, most) : null;

    int[] Slots(params string[] names) => [.. names.Select(_fields.Slot)];
}
