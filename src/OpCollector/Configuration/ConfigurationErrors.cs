namespace OpCollector.Configuration;

/// <summary>
/// What is wrong with a configuration, all of it at once. A reader of settings complains of one thing and stops; so what is wrong is put
/// right for the moment, and it reads again, until nothing more is wrong.
/// </summary>
internal sealed class ConfigurationErrors
{
    const int MostRounds = 1000;
    const int MostTold = 20;

    readonly Dictionary<(ConfigurationMember Owner, string Name, ConfigurationMember? Item), ConfigurationGap> _gaps = [];
    readonly HashSet<ConfigurationGap> _told = [];
    readonly List<(ConfigurationPlace Place, Failure Complaint)> _complaints = [];

    ConfigurationErrors()
    {
    }

    /// <summary>Reads the settings.</summary>
    /// <param name="read">Reads all of it again each time that it is called.</param>
    /// <exception cref="Failure">Everything that is wrong, in the order of the file (78).</exception>
    public static T ReadAll<T>(Func<T> read)
    {
        var errors = new ConfigurationErrors();
        for (var round = 0; round < MostRounds && errors._complaints.Count < MostTold; round++)
        {
            try
            {
                return errors.Settled(read());
            }
            catch (Failure failure) when (failure.Subject is InvalidValue invalid)
            {
                if (!errors.Settle(invalid, failure))
                {
                    break;
                }
            }
        }

        throw errors.Combine();
    }

    T Settled<T>(T settings) => _complaints.Count == 0 ? settings : throw Combine();

    /// <returns>Whether the rest can be read now.</returns>
    bool Settle(InvalidValue invalid, Failure failure)
    {
        // The values of a gap are not the file's.
        invalid = invalid.Owner.StandsFor ?? invalid;
        var gap = GapOf(invalid);
        if (_told.Add(gap) && !Follows(invalid, gap))
        {
            _complaints.Add((invalid.Place, failure));
        }

        invalid.Owner.IsOfNoKind |= invalid.Choices.Count > 0;
        while (!gap.TryFill())
        {
            if (gap.Owner.Owner is not { } above)
            {
                return false;
            }

            gap = GapOf(gap.Owner.StandsFor ?? new InvalidValue(above, gap.Owner.Name, gap.Owner));
            _told.Add(gap);
        }

        return true;
    }

    // What is missing in an object whose kind is wrong, or an object that lacks what was left out of it, is not reported as well.
    bool Follows(InvalidValue invalid, ConfigurationGap own) => invalid.Wrong is { } wrong
        ? _told.Any(gap => gap != own && gap.Owner == wrong)
        : invalid.Owner.IsOfNoKind;

    ConfigurationGap GapOf(InvalidValue invalid)
    {
        var key = (invalid.Owner, invalid.Name, invalid.Name.Length == 0 ? invalid.Wrong : null);
        return _gaps.TryGetValue(key, out var gap) ? gap : _gaps[key] = new ConfigurationGap(invalid);
    }

    Failure Combine() => new(
        ExitCode.Configuration,
        _complaints.OrderBy(each => (each.Place.Line, each.Place.Column)).SelectMany(each => each.Complaint.Lines));
}
