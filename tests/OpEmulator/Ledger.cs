using System.Globalization;
using System.Text;

namespace OpEmulator;

/// <summary>Named numbers that outlive a call, locked while open so that calls at the same time count right.</summary>
internal sealed class Ledger : IDisposable
{
    readonly FileStream _file;
    readonly Dictionary<string, long> _numbers;

    Ledger(FileStream file)
    {
        _file = file;
        _numbers = Load(file);
    }

    public long this[string name]
    {
        get => _numbers.GetValueOrDefault(name);
        set => _numbers[name] = value;
    }

    public static Ledger Open(string path)
    {
        while (true)
        {
            try
            {
                return new Ledger(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                Thread.Sleep(1);
            }
        }
    }

    public long Add(string name, long amount) => this[name] += amount;

    public void Clear(string prefix)
    {
        foreach (var name in _numbers.Keys)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                _numbers[name] = 0;
            }
        }
    }

    public void Dispose()
    {
        var text = new StringBuilder();
        foreach (var (name, number) in _numbers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}\t{number}\n");
        }

        // Written first and cut after: a call killed in between leaves the ledger whole.
        _file.Position = 0;
        _file.Write(Encoding.UTF8.GetBytes(text.ToString()));
        _file.SetLength(_file.Position);
        _file.Dispose();
    }

    static Dictionary<string, long> Load(FileStream file)
    {
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab > 0 && long.TryParse(line.AsSpan(tab + 1), CultureInfo.InvariantCulture, out var number))
            {
                numbers[line[..tab]] = number;
            }
        }

        return numbers;
    }
}
