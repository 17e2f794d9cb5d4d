using System.Text.Json;
using System.Text.Json.Serialization;
using OpCollector.Events;

namespace OpCollector.Storage;

/// <summary>Keeps two runs from doing the same work: the lock file says who holds it and since when.</summary>
internal sealed class RunLock : IDisposable
{
    readonly FileLock _lock;

    RunLock(FileLock held) => _lock = held;

    /// <summary>
    /// The lock, or null when another run is at work. One that has been at it for longer than <paramref name="patience"/> hangs:
    /// that is worth a line and exit code 75.
    /// </summary>
    public static RunLock? TryAcquire(string path, TimeSpan patience, TimeProvider time)
    {
        var held = FileLock.TryAcquire(path);
        if (held is null)
        {
            var holder = Holder(path);
            return holder is not null
                && Directory.Exists($"/proc/{holder.Pid}")
                && (time.GetUtcNow() - holder.Started).Duration() > patience
                ? throw new Failure(
                    ExitCode.HeldUp,
                    $"Another run (pid {holder.Pid}) has held {path} since {holder.Started:u}; end it if it hangs")
                : null;
        }

        held.Write(JsonSerializer.SerializeToUtf8Bytes(
            new LockHolder(Environment.ProcessId, time.GetUtcNow()),
            LockHolderJson.Default.LockHolder));
        return new RunLock(held);
    }

    public void Dispose() => _lock.Dispose();

    // One that began long after now began while the clock was ahead, so nobody knows how long ago.
    // The holder may be writing this very moment, or its file still names the one before; then it has not run for long.
    static LockHolder? Holder(string path)
    {
        try
        {
            return RegularFile.Read(path, RegularFile.Small) is { } bytes ? SafeJson.Read(bytes, LockHolderJson.Default.LockHolder) : null;
        }
        catch (Exception ex) when (ex is NoJsonException or Failure)
        {
            return null;
        }
    }
}

/// <summary>The run that holds a lock, as the lock file tells it.</summary>
internal sealed record LockHolder(int Pid, DateTimeOffset Started);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LockHolder))]
internal sealed partial class LockHolderJson : JsonSerializerContext;
