using System.Text.Json;
using OpCollector.Events;
using OpCollector.Storage;

namespace OpCollector.Sources.Op;

/// <summary>
/// What is remembered of op between runs, in <c>op.json</c>: its generation, so that an idle run needs no <c>--version</c>; a
/// refused sign-in, so that cron does not lock the account; the last one-time code, because each works once.
/// </summary>
internal sealed class OpMemory
{
    readonly string? _path;
    OpMemoryContent _content;

    OpMemory(string? path, OpMemoryContent content)
    {
        _path = path;
        _content = content;
    }

    /// <summary>Whether nothing is kept: what this run learns is gone with it.</summary>
    public bool IsReadOnly => _path is null;

    /// <summary>The sign-in that was refused; null where the last one was not.</summary>
    public Refusal? RefusalAt(DateTimeOffset now) => Refusal.Believed(_content.Refusal, now);

    // From the file: cron and a backfill by hand use up codes beside each other.
    public long LastTotpStep => (_path is null ? _content : Read(_path)).TotpStep;

    /// <summary>What an earlier run left. A dry run reads it too, and leaves nothing.</summary>
    public static OpMemory Open(string path, bool readOnly) => new(readOnly ? null : path, Read(path));

    /// <summary>The version of this very file, if it was asked before.</summary>
    public string? VersionOf(FileInfo executable) => _content.Executable == Identity(executable) ? _content.Version : null;

    public void RememberVersion(FileInfo executable, string version) =>
        Change(content => content with { Executable = Identity(executable), Version = version });

    /// <summary>Whether the code of this half minute is ours alone: from now on nobody else uses it.</summary>
    public bool TryTakeTotpStep(long step)
    {
        var isOurs = false;
        Change(content =>
        {
            // A step that is still far away was written by a clock that was wrong.
            isOurs = content.TotpStep - step is not (0 or 1);
            return isOurs ? content with { TotpStep = step } : content;
        });
        return isOurs;
    }

    public Refusal RememberRefusal(DateTimeOffset now)
    {
        var refusal = Refusal.After(RefusalAt(now), now);
        Change(content => content with { Refusal = refusal });
        return refusal;
    }

    public void ForgetRefusal()
    {
        if (_content.Refusal is not null)
        {
            Change(content => content with { Refusal = null });
        }
    }

    // Cron and a backfill by hand learn of op at the same time; neither may undo what the other wrote.
    void Change(Func<OpMemoryContent, OpMemoryContent> change)
    {
        if (_path is null)
        {
            _content = change(_content);
            return;
        }

        using var held = FileLock.Take(Path.ChangeExtension(_path, ".lock"));
        _content = change(Read(_path));
        DurableFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(_content, OpJson.Default.OpMemoryContent));
    }

    // Nothing in it is dear: without it op is asked for its version once more.
    static OpMemoryContent Read(string path)
    {
        try
        {
            return RegularFile.Read(path, RegularFile.Small) is { } bytes ? SafeJson.Read(bytes, OpJson.Default.OpMemoryContent) : new OpMemoryContent();
        }
        catch (Exception ex) when (ex is NoJsonException or Failure)
        {
            return new OpMemoryContent();
        }
    }

    static string Identity(FileInfo executable) =>
        $"{executable.FullName} {executable.Length} {executable.LastWriteTimeUtc.Ticks}";
}
