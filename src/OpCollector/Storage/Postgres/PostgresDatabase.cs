using Npgsql;
using Polly;
using Polly.Retry;

namespace OpCollector.Storage.Postgres;

/// <summary>
/// The one connection that a run has to the database. One that broke between two statements is made anew; a database that cannot be
/// reached is not asked again in the same run.
/// </summary>
internal sealed class PostgresDatabase(PostgresAddress address, TimeProvider time) : IDisposable
{
    static readonly TimeSpan LongStart = TimeSpan.FromSeconds(10);

    readonly NpgsqlDataSource _source = Source(address);
    NpgsqlConnection? _connection;
    Failure? _unreachable;

    /// <summary>The host and the database.</summary>
    public string Location => address.Text;

    /// <summary>The connection, whole.</summary>
    /// <exception cref="Failure">There is none to be had.</exception>
    public NpgsqlConnection Open()
    {
        if (_unreachable is not null)
        {
            throw _unreachable;
        }

        if (_connection?.FullState == System.Data.ConnectionState.Open)
        {
            return _connection;
        }

        _connection?.Dispose();
        try
        {
            return _connection = Patiently(time).Execute(_source.OpenConnection);
        }
        catch (NpgsqlException ex)
        {
            throw _unreachable = PostgresError.Classify(ex, Location);
        }
    }

    /// <summary>Asks something that changes nothing, or that may be done twice; a connection that broke meanwhile is made anew.</summary>
    public T Ask<T>(Func<NpgsqlConnection, T> question)
    {
        try
        {
            try
            {
                return question(Open());
            }
            catch (NpgsqlException ex) when (PostgresError.IsOfConnection(ex))
            {
                Forget();
                return question(Open());
            }
        }
        catch (NpgsqlException ex)
        {
            throw ToFailure(ex);
        }
    }

    /// <summary>Gives the connection up: it is broken, or nobody knows what it is in the middle of.</summary>
    public void Forget()
    {
        if (_connection is not null)
        {
            NpgsqlConnection.ClearPool(_connection);
            _connection.Dispose();
            _connection = null;
        }
    }

    public Failure ToFailure(NpgsqlException ex) => PostgresError.Classify(ex, Location);

    public void Dispose()
    {
        _connection?.Dispose();
        _source.Dispose();
    }

    static NpgsqlDataSource Source(PostgresAddress address) => new NpgsqlSlimDataSourceBuilder(address.ConnectionString)
        .EnableTransportSecurity()
        .EnableArrays()
        .ConfigureTypeLoading(types => types.EnableTypeLoading(false))
        .Build();

    // It may be about to start, or to hand over to another: seconds, while a server that does not answer takes long each time.
    static ResiliencePipeline Patiently(TimeProvider time)
    {
        var began = time.GetTimestamp();
        return new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = 5,
                Delay = TimeSpan.FromSeconds(0.25),
                BackoffType = DelayBackoffType.Exponential,
                ShouldHandle = new PredicateBuilder().Handle<NpgsqlException>(ex =>
                    PostgresError.IsOfConnection(ex) && ex.IsTransient && time.GetElapsedTime(began) < LongStart),
            })
            .Build();
    }
}
