namespace OpCollector.Storage.Postgres;

/// <summary>The collectors that keep their state in one schema, and who is at work for them.</summary>
internal sealed class PostgresCollectors(PostgresSession session)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<string> Names => session.Rows(
        "SELECT name FROM {0}.content UNION SELECT name FROM {0}.quarantine UNION SELECT name FROM {0}.lease ORDER BY 1",
        [],
        row => row.GetString(0));

    /// <summary>Who does which work at this moment, of every collector.</summary>
    public IReadOnlyList<PostgresHolder> Holders => session.Rows(
        "SELECT name, work, holder, since, clock_timestamp() - since FROM {0}.lease WHERE until > clock_timestamp() ORDER BY 1, 2",
        [],
        row => new PostgresHolder(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTime>(3), row.GetTimeSpan(4)));

    /// <summary>A run that has held its work for longer than <paramref name="patience"/> hangs: that is worth a line (75).</summary>
    public void RefuseHanging(string name, string work, TimeSpan patience)
    {
        if (Holders.FirstOrDefault(each => each.Name == name && each.Work == work && each.For > patience) is { } holder)
        {
            throw new Failure(
                ExitCode.HeldUp,
                $"Another run on {ForeignText.Clean(holder.Text)} has held {work} of {name} since {holder.Since:u}; end it if it hangs");
        }
    }
}

/// <summary>Who does which work at this moment.</summary>
/// <param name="For">How long, by the database's clock.</param>
internal sealed record PostgresHolder(string Name, string Work, string Text, DateTimeOffset Since, TimeSpan For);
