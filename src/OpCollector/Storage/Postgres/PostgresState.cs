using System.Globalization;

namespace OpCollector.Storage.Postgres;

/// <summary>
/// The state of one collector in PostgreSQL, under its name: each file is the parts that were written to it, in their order.
/// </summary>
/// <param name="name">Which collector, of all that keep their state in this schema.</param>
/// <param name="walks">Where this host keeps unfinished walks; null where the source leaves none.</param>
/// <param name="lease">For how long a run holds its work without a sign of life.</param>
internal sealed class PostgresState(PostgresSession session, string name, StateDirectory? walks, TimeSpan lease) : StateStore
{
    const string This = "name = $1 AND file = $2";

    public override bool IsKept => true;

    public override string Location => $"{name} in {session.Location}";

    public override bool Exists => session.IsMade;

    /// <summary>The connection that it shares with the states of other names.</summary>
    public PostgresSession Session => session;

    public string Name => name;

    /// <summary>The state of another collector in the same schema, to look at.</summary>
    public PostgresState ForCollector(string other) => new(session, other, walks: null, lease);

    /// <summary>What is in the quarantine.</summary>
    public PostgresLines Quarantine => new(session, name);

    public override string PathOf(string file) => $"{file} of {Location}";

    public override void Ensure()
    {
        walks?.Ensure();
        session.Ensure();
    }

    public override IDisposable? TryHold(string work, TimeSpan patience, TimeProvider time)
    {
        var here = walks?.TryHold(work, patience, time);
        if (here is null && walks is not null)
        {
            return null;
        }

        var isHeld = false;
        try
        {
            isHeld = session.TryHold(name, work, lease);
            if (!isHeld)
            {
                new PostgresCollectors(session).RefuseHanging(name, work, patience);
            }
        }
        finally
        {
            if (!isHeld)
            {
                here?.Dispose();
            }
        }

        return isHeld ? new Held(session, here) : null;
    }

    public override DateTimeOffset? Written(string file) => session.Rows(
        $$"""SELECT written FROM {0}.content WHERE {{This}} ORDER BY part DESC LIMIT 1""",
        [name, file],
        row => row.GetFieldValue<DateTime>(0)) is [var written] ? written : null;

    public override IReadOnlyList<string> Names(string beginning, string ending) => session.Rows(
        """
        SELECT DISTINCT file COLLATE "C" FROM {0}.content
        WHERE name = $1 AND starts_with(file, $2) AND right(file, length($3)) = $3 ORDER BY 1
        """,
        [name, beginning, ending],
        row => row.GetString(0));

    public override byte[]? Read(string file, int most)
    {
        var parts = session.Rows(
            $$"""
            SELECT CASE WHEN sum(octet_length(bytes)) OVER () <= $3 THEN bytes END FROM {0}.content WHERE {{This}} ORDER BY part
            """,
            [name, file, (long)most],
            row => row.IsDBNull(0) ? null : row.GetFieldValue<byte[]>(0));
        return parts.Count == 0 ? null
            : parts.Contains(null) ? throw new Failure(
                ExitCode.Configuration,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{PathOf(file)} is larger than {most / (1024 * 1024)} MB, larger than anything OpCollector writes; delete it there"))
            : parts is [{ } whole] ? whole
            : [.. parts.SelectMany(part => part!)];
    }

    public override byte[] ReadRecords(string file, int size, int most)
    {
        var parts = session.Rows(
            $$"""
            SELECT bytes FROM (
                SELECT part, bytes, sum(octet_length(bytes)) OVER (ORDER BY part DESC) - octet_length(bytes) AS behind
                FROM {0}.content WHERE {{This}}) AS each
            WHERE behind < $3 ORDER BY part
            """,
            [name, file, (long)most],
            row => row.GetFieldValue<byte[]>(0));
        var bytes = new byte[parts.Sum(part => part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(bytes, at);
            at += part.Length;
        }

        var kept = Math.Min(bytes.Length / size, most / size) * size;
        return bytes[^kept..];
    }

    public override void Replace(string file, ReadOnlySpan<byte> content, string? previous = null)
    {
        var bytes = content.ToArray();
        session.Write(batch =>
        {
            batch.Add($$"""DELETE FROM {0}.content WHERE {{This}}""", name, previous ?? file);
            if (previous is not null)
            {
                batch.Add($$"""UPDATE {0}.content SET file = $3 WHERE {{This}}""", name, file, previous);
            }

            batch.Add("INSERT INTO {0}.content (name, file, bytes) VALUES ($1, $2, $3)", name, file, bytes).Execute();
        });
    }

    public override void Append(string file, ReadOnlySpan<byte> records, int size)
    {
        var bytes = records.ToArray();
        session.Write(batch => batch.Add("INSERT INTO {0}.content (name, file, bytes) VALUES ($1, $2, $3)", name, file, bytes).Execute());
    }

    public override void Delete(string file) =>
        session.Write(batch => batch.Add($$"""DELETE FROM {0}.content WHERE {{This}}""", name, file).Execute());

    public override void Change(string file, int most, Func<byte[]?, byte[]> change) => WriteTogether(() =>
    {
        session.Alone(name, file);
        Replace(file, change(ReadIfPossible(file, most)));
    });

    public override void WriteTogether(Action writes) => session.WriteTogether(writes);

    byte[]? ReadIfPossible(string file, int most)
    {
        try
        {
            return Read(file, most);
        }
        catch (Failure failure) when (failure.Code == ExitCode.Configuration)
        {
            // It is too large to be an own row.
            return null;
        }
    }

    /// <summary>A lease that ends with the run, and what keeps other runs of this host out.</summary>
    sealed class Held(PostgresSession session, IDisposable? here) : IDisposable
    {
        public void Dispose()
        {
            session.Release();
            here?.Dispose();
        }
    }
}
