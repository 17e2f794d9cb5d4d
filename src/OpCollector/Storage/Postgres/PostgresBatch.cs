using Npgsql;

namespace OpCollector.Storage.Postgres;

/// <summary>Statements that go to the database together, each with its values in the order of <c>$1</c>, <c>$2</c>, …</summary>
internal sealed class PostgresBatch(NpgsqlConnection connection, string schema) : IDisposable
{
    readonly NpgsqlBatch _batch = connection.CreateBatch();

    /// <param name="sql">With <c>{0}</c> in place of the schema.</param>
    public PostgresBatch Add(string sql, params object[] values)
    {
        // The schema is a name of letters, digits and underscores alone; everything else is a value.
        var command = new NpgsqlBatchCommand(sql.Replace("{0}", schema, StringComparison.Ordinal));
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                string text => new NpgsqlParameter<string> { TypedValue = text },
                byte[] bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes },
                byte[][] many => new NpgsqlParameter<byte[][]> { TypedValue = many },
                long[] many => new NpgsqlParameter<long[]> { TypedValue = many },
                long number => new NpgsqlParameter<long> { TypedValue = number },
                TimeSpan time => new NpgsqlParameter<TimeSpan> { TypedValue = time },
                _ => new NpgsqlParameter<DateTime> { TypedValue = ((DateTimeOffset)value).UtcDateTime },
            });
        }

        _batch.BatchCommands.Add(command);
        return this;
    }

    /// <summary>How many rows the last statement has changed.</summary>
    public void Execute() => _batch.ExecuteNonQuery();

    /// <summary>The first value of the first row of the last statement; null where it has none.</summary>
    public object? LastValue()
    {
        using var reader = _batch.ExecuteReader();
        object? value;
        do
        {
            value = reader.Read() ? reader.GetValue(0) : null;
        }
        while (reader.NextResult());

        return value is DBNull ? null : value;
    }

    /// <summary>The rows of the only statement, all of them at once.</summary>
    public List<T> Rows<T>(Func<NpgsqlDataReader, T> row)
    {
        using var reader = _batch.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public void Dispose() => _batch.Dispose();
}
