using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OpCollector.Events;

namespace OpCollector.Storage;

/// <summary>
/// A small record that a stage keeps between runs as JSON. Nothing in it is dear: what cannot be read counts as never written. Runs that
/// are at work at the same time do not undo what the other wrote.
/// </summary>
/// <param name="nothing">What holds before anything was written.</param>
internal sealed class KeptRecord<T>(StateStore state, string name, JsonTypeInfo<T> json, T nothing)
    where T : class
{
    readonly Lock _changing = new();
    T? _content;

    /// <summary>Whether the next run knows it too.</summary>
    public bool IsKept => state.IsKept;

    /// <summary>What an earlier run left, read once, and what this run has changed of it.</summary>
    public T Content => _content ??= Latest;

    /// <summary>What another run may have left meanwhile.</summary>
    public T Latest
    {
        get
        {
            try
            {
                return Parse(state.Read(name, StateStore.Small));
            }
            catch (Failure)
            {
                return nothing;
            }
        }
    }

    /// <summary>Changes what is kept.</summary>
    /// <exception cref="Failure">It cannot be written (74 or 78).</exception>
    public void Change(Func<T, T> change)
    {
        lock (_changing)
        {
            state.Change(name, StateStore.Small, bytes => JsonSerializer.SerializeToUtf8Bytes(_content = change(Parse(bytes)), json));
        }
    }

    T Parse(byte[]? bytes)
    {
        try
        {
            return bytes is null ? nothing : SafeJson.Read(bytes, json);
        }
        catch (NoJsonException)
        {
            return nothing;
        }
    }
}
