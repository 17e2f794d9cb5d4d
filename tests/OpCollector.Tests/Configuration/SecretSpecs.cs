using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>Where secrets may lie, who else may be able to read them, and that none stands in the configuration.</summary>
public sealed class SecretSpecs : IDisposable
{
    const int Password = 7;

    readonly TestConfiguration _written = new();

    public void Dispose() => _written.Dispose();

    [Fact]
    public void Loading_the_settings_reads_no_secret()
    {
        var load = () => _written.Line(Password, """ "password": { "file": "nowhere" }, """).Load();

        load.Should().NotThrow();
    }

    [Fact]
    public void A_secret_of_the_environment_is_taken_as_it_is()
    {
        _written.Environment["OP_PASSWORD"] = " correct horse ";

        Reveal("""{ "env": "OP_PASSWORD" }""").Should().Be(" correct horse ");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_variable_that_is_not_set_or_empty_is_named(string? value)
    {
        if (value is not null)
        {
            _written.Environment["OP_PASSWORD"] = value;
        }

        Complaint("""{ "env": "OP_PASSWORD" }""").Should().StartWith("7: source.op.password: ")
            .And.ContainAll("OP_PASSWORD", "not set or empty");
    }

    [Theory]
    [InlineData("correct horse", "correct horse")]
    [InlineData("correct horse\n", "correct horse")]
    [InlineData("correct horse\r\n", "correct horse")]
    [InlineData(" correct horse \n", " correct horse ")]
    [InlineData("räksmörgås\n", "räksmörgås")]
    public void The_line_break_at_the_end_of_a_file_is_no_part_of_the_secret(string content, string secret)
    {
        _written.Put("password", content);

        Reveal("""{ "file": "password" }""").Should().Be(secret);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(600)]
    [InlineData(640)]
    [InlineData(440)]
    [InlineData(700)]
    public void A_file_that_only_its_owner_writes_and_at_most_its_group_reads_is_read(int mode)
    {
        _written.Put("password", "correct horse", mode);

        Reveal("""{ "file": "password" }""").Should().Be("correct horse");
    }

    [Theory]
    [InlineData(644)]
    [InlineData(604)]
    [InlineData(602)]
    [InlineData(660)]
    [InlineData(620)]
    [InlineData(666)]
    public void A_file_that_others_can_read_or_the_group_can_write_is_refused(int mode)
    {
        var path = _written.Put("password", "correct horse", mode);

        Complaint("""{ "file": "password" }""").Should().StartWith("7: source.op.password").And.ContainAll(path, "chmod")
            .And.NotContain("correct horse");
    }

    [Theory]
    [InlineData(600, "correct horse")]
    [InlineData(644, null)]
    public void Of_a_link_the_file_behind_it_counts(int mode, string? secret)
    {
        File.CreateSymbolicLink(Path.Combine(_written.Root, "password"), _written.Put("data/password", "correct horse", mode));

        var reveal = () => Reveal("""{ "file": "password" }""");

        (secret is null ? null : reveal()).Should().Be(secret);
        (Complaint("""{ "file": "password" }""") == "(no complaint)").Should().Be(secret is not null);
    }

    [Theory]
    [InlineData("nowhere", "cannot be read")]
    [InlineData(".", "source.op.password")]
    [InlineData("empty", "is empty")]
    [InlineData("newline", "is empty")]
    public void A_file_without_a_secret_is_refused_by_its_name(string name, string words)
    {
        _written.Put("empty", "");
        _written.Put("newline", "\n");

        var complaint = Complaint($$"""{ "file": "{{name}}" }""");

        complaint.Should().StartWith("7: source.op.password").And.Contain(Path.GetFullPath(name, _written.Root)).And.Contain(words);
    }

    [Fact]
    public void A_credential_lies_in_the_directory_that_systemd_made()
    {
        _written.Put("credentials/op-password", "correct horse\n", 400);
        _written.Environment["CREDENTIALS_DIRECTORY"] = Path.Combine(_written.Root, "credentials");

        Reveal("""{ "credential": "op-password" }""").Should().Be("correct horse");
    }

    [Fact]
    public void A_credential_without_systemd_is_explained()
    {
        Complaint("""{ "credential": "op-password" }""").Should().StartWith("7: source.op.password")
            .And.ContainAll("CREDENTIALS_DIRECTORY", "LoadCredential=");
    }

    [Fact]
    public void A_credential_that_systemd_did_not_put_there_is_named()
    {
        _written.Environment["CREDENTIALS_DIRECTORY"] = _written.Root;

        Complaint("""{ "credential": "op-password" }""").Should().StartWith("7: source.op.password")
            .And.ContainAll("op-password", "cannot be read");
    }

    [Theory]
    [InlineData("../password")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("/etc/hostname")]
    public void A_credential_is_a_name_and_no_path(string name)
    {
        _written.Put("password", "correct horse");
        _written.Environment["CREDENTIALS_DIRECTORY"] = Path.Combine(_written.Root, "credentials");

        Complaint($$"""{ "credential": "{{name}}" }""").Should().StartWith("7: source.op.password.credential: ").And.Contain("not a path");
    }

    [Theory]
    [InlineData(7, """ "password": "hush-hush", """, "7: source.op.password: ")]
    [InlineData(8, """ "totpSecret": "hush-hush", """, "8: source.op.totpSecret: ")]
    [InlineData(19, """ "auth": { "bearer": "hush-hush" }, """, "19: sink.auth.bearer: ")]
    [InlineData(19, """ "auth": { "basic": { "user": "u", "password": "hush-hush" } }, """, "19: sink.auth.basic.password: ")]
    [InlineData(19, """ "auth": { "header": { "name": "X-Key", "value": "hush-hush" } }, """, "19: sink.auth.header.value: ")]
    public void A_secret_in_plain_text_is_refused_and_not_shown(int line, string instead, string place)
    {
        var complaint = _written.Line(line, instead).Complaint();

        complaint.Should().StartWith(place).And.ContainAll("\"env\"", "\"file\"", "\"credential\"").And.NotContain("hush-hush");
    }

    string Reveal(string secret) =>
        ((OpSettings)_written.Line(Password, $"\"password\": {secret},").Load().Source).Password.Reveal();

    string Complaint(string secret) => _written.ComplaintOf(() => Reveal(secret));
}
