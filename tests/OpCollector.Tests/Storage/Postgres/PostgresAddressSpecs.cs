using Npgsql;
using OpCollector.Storage.Postgres;

namespace OpCollector.Tests;

/// <summary>A connection is read as people have it, and what is wrong with it is said without a word of it.</summary>
public sealed class PostgresAddressSpecs
{
    [Theory]
    [InlineData("Host=db.example;Database=siem;Username=collector;Password=s3cret")]
    [InlineData("postgresql://collector:s3cret@db.example/siem")]
    [InlineData("postgres://collector:s3cret@db.example:5432/siem?sslmode=require")]
    public void Both_spellings_are_the_same(string text)
    {
        var address = PostgresAddress.Parse(text);

        var settings = new NpgsqlConnectionStringBuilder(address.ConnectionString);
        (settings.Host, settings.Port, settings.Database, settings.Username, settings.Password)
            .Should().Be(("db.example", 5432, "siem", "collector", "s3cret"));
        settings.SslMode.Should().Be(SslMode.Require, "plain text to another host is never a way out");
        address.Text.Should().Be("db.example/siem");
    }

    [Theory]
    [InlineData("Host=localhost;Username=a")]
    [InlineData("Host=127.0.0.1:5433;Username=a")]
    [InlineData("Host=/run/postgresql;Username=a")]
    public void To_this_host_plain_text_will_do(string text) =>
        new NpgsqlConnectionStringBuilder(PostgresAddress.Parse(text).ConnectionString).SslMode.Should().Be(SslMode.Prefer);

    [Theory]
    [InlineData("postgresql://a@db/siem?sslmode=verify-full&sslrootcert=/ca.pem", SslMode.VerifyFull)]
    [InlineData("Host=db;Username=a;SSL Mode=Disable", SslMode.Disable)]
    public void What_is_said_of_TLS_holds(string text, SslMode mode) =>
        new NpgsqlConnectionStringBuilder(PostgresAddress.Parse(text).ConnectionString).SslMode.Should().Be(mode);

    [Theory]
    [InlineData("Host=db;Username=a;SSL Mode=Prefer")]
    [InlineData("Host=localhost,db;Username=a;SSL Mode=Allow")]
    [InlineData("postgresql://a@db/siem?sslmode=prefer")]
    public void To_another_host_nobody_on_the_way_can_take_TLS_away(string text)
    {
        var parsing = () => PostgresAddress.Parse(text);

        parsing.Should().Throw<NoPostgresAddressException>().WithMessage("*write SSL Mode=Require or VerifyFull*");
    }

    [Theory]
    [InlineData("s3cret")]
    [InlineData("Host=db;Passwort=s3cret")]
    [InlineData("Host=db;Port=s3cret")]
    [InlineData("Database=siem;Password=s3cret")]
    [InlineData("Host=db;Password=s3cret")]
    [InlineData("postgresql://a:s3cret@db/siem?sslmode=s3cret")]
    [InlineData("postgresql://a:s3cret@db/siem?s3cret=1")]
    [InlineData("postgresql://a:s3cret@db:99999/siem")]
    [InlineData("https://db/s3cret")]
    public void What_is_no_connection_is_said_without_quoting_it(string text)
    {
        var parsing = () => PostgresAddress.Parse(text);

        parsing.Should().Throw<NoPostgresAddressException>().Which.Message.Should().NotContain("s3cret");
    }
}
