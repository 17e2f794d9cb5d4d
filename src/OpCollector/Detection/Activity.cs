using NodaTime;
using OpCollector.Detection.Sigma;
using OpCollector.Events;

namespace OpCollector.Detection;

/// <summary>The activity of everybody in a history, person by person.</summary>
/// <param name="zoneOf">The zone that a user's hours are counted in, given the uuid and the e-mail address.</param>
internal sealed class Activity(Func<string, string?, DateTimeZone> zoneOf)
{
    readonly Dictionary<string, ActivityProfile> _profiles = new(StringComparer.OrdinalIgnoreCase);
    readonly FieldTable _fields = new();
    EventView? _view;

    public IEnumerable<ActivityProfile> Profiles => _profiles.Values;

    /// <summary>Counts an event; one without a time or somebody who did it counts for nobody, nor does what happens by itself.</summary>
    public void Add(ReadOnlyMemory<byte> bytes, string? stream, DateTimeOffset? time)
    {
        var (uuid, name, email) = stream == Streams.SignIn
            ? (_fields.Slot("target_user.uuid"), _fields.Slot("target_user.name"), _fields.Slot("target_user.email"))
            : (_fields.Slot("actor_uuid"), _fields.Slot("actor_name"), _fields.Slot("actor_email"));
        var action = _fields.Slot("action");
        (_view ??= new EventView(_fields)).Read(bytes);
        if (time is not { } when || _view.Said(uuid) is not { } user || NativeRules.Automatic.Contains(_view.Said(action)))
        {
            return;
        }

        if (!_profiles.TryGetValue(user, out var profile))
        {
            profile = _profiles[user] = new ActivityProfile(user, zoneOf(user, _view.Said(email)));
        }

        profile.CalledBy = _view.Said(email) ?? profile.CalledBy ?? _view.Said(name);
        profile.Add(when);
    }
}
