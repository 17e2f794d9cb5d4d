using NodaTime;
using OpCollector.Detection.Sigma.Matching;
using OpCollector.Events;

namespace OpCollector.Detection;

/// <summary>The activity of everybody in a history, person by person; of very many, that of the most active.</summary>
/// <param name="zoneOf">The zone that a user's hours are counted in, given the uuid and the e-mail address.</param>
/// <param name="admins">Who is kept, however little active: uuids, names and e-mail addresses.</param>
internal sealed class UserActivity(Func<string, string?, DateTimeZone> zoneOf, IReadOnlySet<string> admins)
{
    /// <summary>A profile takes a kilobyte and more, and a history may name anybody.</summary>
    public const int MostPeople = 10_000;

    readonly Dictionary<string, ActivityProfile> _profiles = new(StringComparer.OrdinalIgnoreCase);
    readonly FieldTable _fields = new();
    EventView? _view;
    int _most = MostPeople;

    /// <summary>Whether there were more people than are kept.</summary>
    public bool IsPartial { get; private set; }

    public IEnumerable<ActivityProfile> Profiles => _profiles.Values;

    public bool IsOfAdmin(ActivityProfile profile) =>
        admins.Contains(profile.UserUuid) || (profile.CalledBy is { } name && admins.Contains(name));

    /// <summary>
    /// Counts an event for the person who caused it. An event without a time or a person is not counted, nor is what happens by itself.
    /// </summary>
    public void Add(ReadOnlyMemory<byte> bytes, string? stream, DateTimeOffset? time)
    {
        var (uuid, name, email) = stream == Streams.SignIn
            ? (_fields.Slot("target_user.uuid"), _fields.Slot("target_user.name"), _fields.Slot("target_user.email"))
            : (_fields.Slot("actor_uuid"), _fields.Slot("actor_name"), _fields.Slot("actor_email"));
        var action = _fields.Slot("action");
        (_view ??= new EventView(_fields)).Read(bytes);
        if (time is not { } when || _view.FirstText(uuid) is not { } user || NativeRules.Automatic.Contains(_view.FirstText(action)))
        {
            return;
        }

        if (!_profiles.TryGetValue(user, out var profile))
        {
            MakeRoom();
            profile = _profiles[user] = new ActivityProfile(user, zoneOf(user, _view.FirstText(email)));
        }

        profile.CalledBy = _view.FirstText(email) ?? profile.CalledBy ?? _view.FirstText(name);
        profile.Add(when);
    }

    void MakeRoom()
    {
        if (_profiles.Count < _most)
        {
            return;
        }

        IsPartial = true;
        foreach (var least in _profiles.Values
            .Where(profile => !IsOfAdmin(profile))
            .OrderBy(profile => profile.Events)
            .Take(MostPeople / 2)
            .ToArray())
        {
            _profiles.Remove(least.UserUuid);
        }

        // Where most of them are administrators there is room again too, or everybody who is new would be looked for in all of them.
        _most = Math.Max(MostPeople, _profiles.Count + (MostPeople / 2));
    }
}
