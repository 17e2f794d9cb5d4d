using Npgsql;

namespace OpCollector.Storage.Postgres;

/// <summary>
/// A run's work with the database, one thing at a time. What is written together is one transaction; while this run holds a lease, every
/// transaction counts under it, so that a run which has lost it changes nothing any more.
/// </summary>
internal sealed class PostgresSession(PostgresAddress address, string schema, TimeProvider time) : IDisposable
{
    // Reentrant: what is written together asks for each part again.
    readonly Lock _changing = new();
    readonly Lock _asking = new();
    readonly PostgresDatabase _database = new(address, time);
    readonly PostgresDatabase _beside = new(address, time);
    NpgsqlTransaction? _transaction;
    PostgresLease? _lease;
    bool _isMade;

    /// <summary>Where it is, for a person.</summary>
    public string Location => $"schema {schema} of the database {_database.Location}";

    /// <summary>The version of the schema, which no newer program has made; null where there is none.</summary>
    public int? Version
    {
        get
        {
            var version = Ask(connection => PostgresSchema.Version(connection, schema));
            PostgresSchema.RefuseNewer(version, schema, _database.Location);
            return version;
        }
    }

    /// <summary>Whether a run has made the tables.</summary>
    public bool IsMade => _isMade || (_isMade = Version is not null);

    /// <summary>Makes the tables, or what is missing of them.</summary>
    public void Ensure()
    {
        lock (_changing)
        {
            _database.Ask(connection =>
            {
                PostgresSchema.Ensure(connection, schema, _database.Location);
                return true;
            });
        }
    }

    /// <summary>Tries what a run does there, and leaves nothing behind.</summary>
    /// <returns>Whether the tables are there; else a run may make them.</returns>
    /// <exception cref="Failure">It could not.</exception>
    public bool Try()
    {
        var version = Version;
        lock (_changing)
        {
            _database.Ask(connection => InTransaction(connection, batch =>
            {
                PostgresProbe.Try(batch, Location, isMade: version is not null);
                return true;
            }));
        }

        return version is not null;
    }

    /// <summary>Asks for rows; there are none before a run has made the tables.</summary>
    public List<T> Rows<T>(string sql, object[] values, Func<NpgsqlDataReader, T> row) =>
        IsMade ? Ask(connection => Use(connection, batch => batch.Add(sql, values).Rows(row))) : [];

    // Who asks while another thread writes together is not kept waiting: that one may wait for something that this one holds.
    T Ask<T>(Func<NpgsqlConnection, T> question)
    {
        if (_changing.TryEnter())
        {
            try
            {
                return _transaction is { Connection: { } connection } ? question(connection) : _database.Ask(question);
            }
            finally
            {
                _changing.Exit();
            }
        }

        lock (_asking)
        {
            return _beside.Ask(question);
        }
    }

    /// <summary>Changes one thing, alone or with what is written together.</summary>
    public void Write(Action<PostgresBatch> change) => WriteTogether(() => Ask(connection => Use(connection, batch =>
    {
        change(batch);
        return true;
    })));

    /// <summary>Makes what <paramref name="writes"/> writes durable in one transaction, or nothing of it.</summary>
    /// <exception cref="Failure">It is not, or another host has taken over the work (75).</exception>
    public void WriteTogether(Action writes)
    {
        lock (_changing)
        {
            if (_transaction is not null)
            {
                writes();
                return;
            }

            try
            {
                using var transaction = _transaction = _database.Ask(Begin);
                writes();
                Commit(transaction);
            }
            catch (Exception ex) when (ex is NpgsqlException or Failure)
            {
                // Nobody knows what the connection is in the middle of.
                _database.Forget();
                throw ex is NpgsqlException trouble ? _database.ToFailure(trouble) : ex;
            }
            finally
            {
                _transaction = null;
            }
        }
    }

    /// <summary>Keeps every other run from changing the same thing, until what is written together is committed.</summary>
    public void Alone(string name, string thing) =>
        Write(batch => batch.Add("SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))", $"{schema} {name}", thing).Execute());

    /// <summary>Takes the lease on a piece of work, where nobody else has it.</summary>
    public bool TryHold(string name, string work, TimeSpan length)
    {
        var holder = PostgresLease.NewHolder();
        lock (_changing)
        {
            try
            {
                _lease = _database.Ask(connection => InTransaction(
                    connection, batch => PostgresLease.TryAcquire(batch, name, work, holder, length)));
                return _lease is not null;
            }
            catch (Failure failure) when (failure.InnerException is NpgsqlException ex && PostgresError.IsLocked(ex))
            {
                // Its holder is in the middle of a commit.
                return false;
            }
        }
    }

    /// <summary>Gives the lease back.</summary>
    public void Release()
    {
        lock (_changing)
        {
            var held = _lease;
            _lease = null;
            try
            {
                _database.Ask(connection => InTransaction(connection, batch =>
                {
                    held?.Release(batch);
                    return true;
                }));
            }
            catch (Failure)
            {
                // It ends by itself.
            }
        }
    }

    public void Dispose()
    {
        _transaction?.Dispose();
        _beside.Dispose();
        _database.Dispose();
    }

    T Use<T>(NpgsqlConnection connection, Func<PostgresBatch, T> use)
    {
        using var batch = new PostgresBatch(connection, schema);
        return use(batch);
    }

    T InTransaction<T>(NpgsqlConnection connection, Func<PostgresBatch, T> use)
    {
        using var transaction = connection.BeginTransaction();
        var result = Use(connection, use);
        transaction.Commit();
        return result;
    }

    // Each transaction sets what it needs: behind PgBouncer the next one may have another connection. A run that is stopped in the
    // middle of one must not keep the others out, and a commit that is only in the server's memory is not safe.
    NpgsqlTransaction Begin(NpgsqlConnection connection)
    {
        var transaction = connection.BeginTransaction();
        using var batch = new PostgresBatch(connection, schema);
        batch
            .Add("SET LOCAL idle_in_transaction_session_timeout = '30s'")
            .Add("SET LOCAL lock_timeout = '20s'")
            .Add("SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'");
        if (_lease is { } held)
        {
            held.Renew(batch);
        }
        else
        {
            batch.Execute();
        }

        return transaction;
    }

    void Commit(NpgsqlTransaction transaction)
    {
        try
        {
            transaction.Commit();
        }
        catch (NpgsqlException ex) when (_lease is not null && PostgresError.IsOfConnection(ex))
        {
            // The answer did not come: whether it was committed, the lease knows.
            _database.Forget();
            if (!_database.Ask(connection => InTransaction(connection, _lease.WasCounted)))
            {
                throw;
            }
        }

        _lease?.Count();
    }
}
