using OpCollector.Storage;

namespace OpCollector.Tests;

public sealed class DryStateSpecs : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dry-state-");
    readonly StateDirectory _kept;
    readonly DryState _dry;

    public DryStateSpecs()
    {
        _kept = new StateDirectory(_directory.FullName);
        _kept.Replace("names.json", "kept"u8);
        _kept.Append("seen-1.bin", "1234"u8, size: 2);
        _dry = new DryState(_kept);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void It_reads_what_real_runs_have_left()
    {
        _dry.Read("names.json", StateStore.Small).Should().Equal("kept"u8.ToArray());
        _dry.ReadRecords("seen-1.bin", size: 2, StateStore.Small).Should().Equal("1234"u8.ToArray());
        _dry.Read("op.json", StateStore.Small).Should().BeNull();
        _dry.PathOf("op.json").Should().Be(_kept.PathOf("op.json"));
    }

    [Fact]
    public void It_finds_again_what_it_has_written_itself()
    {
        _dry.Replace("names.json", "new"u8, previous: "names.prev.json");
        _dry.Append("seen-1.bin", "56"u8, size: 2);
        _dry.Append("seen-2.bin", "78"u8, size: 2);
        _dry.Change("op.json", StateStore.Small, before => [.. before ?? [], (byte)'x']);
        _dry.Change("op.json", StateStore.Small, before => [.. before ?? [], (byte)'y']);

        _dry.Read("names.json", StateStore.Small).Should().Equal("new"u8.ToArray());
        _dry.Read("names.prev.json", StateStore.Small).Should().Equal("kept"u8.ToArray());
        _dry.ReadRecords("seen-1.bin", size: 2, StateStore.Small).Should().Equal("123456"u8.ToArray());
        _dry.Read("op.json", StateStore.Small).Should().Equal("xy"u8.ToArray());
        _dry.Names("seen-", ".bin").Should().Equal("seen-1.bin", "seen-2.bin");
    }

    [Fact]
    public void It_leaves_nothing_of_that()
    {
        _dry.Replace("names.json", "new"u8, previous: "names.prev.json");
        _dry.Append("seen-1.bin", "56"u8, size: 2);
        _dry.Change("op.json", StateStore.Small, _ => "x"u8.ToArray());
        _dry.Delete("seen-1.bin");

        _dry.Read("seen-1.bin", StateStore.Small).Should().BeNull();
        _dry.Names("seen-", ".bin").Should().BeEmpty();
        _directory.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal).Should().Equal("names.json", "seen-1.bin");
        _kept.Read("names.json", StateStore.Small).Should().Equal("kept"u8.ToArray());
        _kept.ReadRecords("seen-1.bin", size: 2, StateStore.Small).Should().Equal("1234"u8.ToArray());
    }
}
