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
        var complaints = new ConfigurationErrors();
        for (var round = 0; round < MostRounds && complaints._complaints.Count < MostTold; round++)
        {
            try
            {
                return complaints.Settled(read());
            }
            catch (Failure failure) when (failure.Subject is InvalidValue misfit)
            {
                if (!complaints.Settle(misfit, failure))
                {
                    break;
                }
            }
        }

        throw complaints.Together();
    }

    T Settled<T>(T settings) => _complaints.Count == 0 ? settings : throw Together();

    /// <returns>Whether the rest can be read now.</returns>
    bool Settle(InvalidValue misfit, Failure failure)
    {
        // The values of a gap are not the file's.
        misfit = misfit.Owner.StandsFor ?? misfit;
        var gap = GapOf(misfit);
        if (_told.Add(gap) && !Follows(misfit, gap))
        {
            _complaints.Add((misfit.Place, failure));
        }

        misfit.Owner.IsOfNoKind |= misfit.Choices.Count > 0;
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

    // What is missing in an object whose kind is wrong, or an object that lacks what was left out of it, is no mistake of its own.
    bool Follows(InvalidValue misfit, ConfigurationGap own) => misfit.Wrong is { } wrong
        ? _told.Any(gap => gap != own && gap.Owner == wrong)
        : misfit.Owner.IsOfNoKind;

    ConfigurationGap GapOf(InvalidValue misfit)
    {
        var key = (misfit.Owner, misfit.Name, misfit.Name.Length == 0 ? misfit.Wrong : null);
        return _gaps.TryGetValue(key, out var gap) ? gap : _gaps[key] = new ConfigurationGap(misfit);
    }

    Failure Together() => new(
        ExitCode.Configuration,
        _complaints.OrderBy(each => (each.Place.Line, each.Place.Column)).SelectMany(each => each.Complaint.Lines));
}
