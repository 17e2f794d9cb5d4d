namespace OpCollector.Storage.Postgres;

/// <summary>Lines of a collector that are kept in a table, a row each, in the order in which they came: its quarantine.</summary>
internal sealed class PostgresLines(PostgresSession session, string name)
{
    const long MostAtOnce = 4 * 1024 * 1024;

    /// <summary>Where they lie, for a person.</summary>
    public string Location => $"the table quarantine, name {name}, in {session.Location}";

    /// <summary>How many there are, and when the oldest came.</summary>
    public (int Count, DateTimeOffset? Oldest) Sum => session.Rows(
        "SELECT count(*), min(added) FROM {0}.quarantine WHERE name = $1",
        [name],
        row => ((int)row.GetInt64(0), row.IsDBNull(1) ? (DateTimeOffset?)null : row.GetFieldValue<DateTime>(1))).SingleOrDefault();

    /// <summary>Which of these keys have a line already. No other run adds one, until what is written together is committed.</summary>
    public HashSet<string> Known(IEnumerable<byte[]> keys)
    {
        session.Alone(name, "quarantine");
        return [.. session.Rows(
            "SELECT DISTINCT key FROM {0}.quarantine WHERE name = $1 AND key = ANY($2)",
            [name, keys.ToArray()],
            row => Convert.ToHexString(row.GetFieldValue<byte[]>(0)))];
    }

    public void Add(byte[] key, ReadOnlySpan<byte> line, DateTimeOffset added)
    {
        var bytes = line.ToArray();
        session.Write(batch => batch
            .Add("INSERT INTO {0}.quarantine (name, key, line, added) VALUES ($1, $2, $3, $4)", name, key, bytes, added)
            .Execute());
    }

    /// <summary>All of them, some at a time. One of more than <paramref name="most"/> bytes comes without them.</summary>
    public IEnumerable<(long Id, long Length, byte[]? Line)> Read(int most)
    {
        for (var last = 0L; ;)
        {
            var lines = After(last, most);
            foreach (var line in lines)
            {
                yield return line;
            }

            if (lines is not [.., var end])
            {
                yield break;
            }

            last = end.Id;
        }
    }

    /// <summary>Takes some out.</summary>
    public void Remove(IEnumerable<long> ids)
    {
        var gone = ids.ToArray();
        session.Write(batch => batch.Add("DELETE FROM {0}.quarantine WHERE name = $1 AND id = ANY($2)", name, gone).Execute());
    }

    /// <summary>Puts another in the place of one.</summary>
    public void Replace(long id, ReadOnlySpan<byte> line)
    {
        var bytes = line.ToArray();
        session.Write(batch => batch.Add("UPDATE {0}.quarantine SET line = $3 WHERE name = $1 AND id = $2", name, id, bytes).Execute());
    }

    List<(long Id, long Length, byte[]? Line)> After(long last, int most) => session.Rows(
        """
        SELECT id, length, CASE WHEN length <= $3 THEN line END FROM (
            SELECT id, line, octet_length(line)::bigint AS length,
                sum(octet_length(line)) OVER (ORDER BY id) - octet_length(line) AS before
            FROM (SELECT id, line FROM {0}.quarantine WHERE name = $1 AND id > $2 ORDER BY id LIMIT 500) AS next) AS each
        WHERE before < $4 ORDER BY id
        """,
        [name, last, (long)most, MostAtOnce],
        row => (row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2)));
}
