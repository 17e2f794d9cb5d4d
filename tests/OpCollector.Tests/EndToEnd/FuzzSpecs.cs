using OpCollector.Tests.Fuzzing;

namespace OpCollector.Tests;

/// <summary>
/// Whatever is read from somebody else is mutated by a seed, and the real program reads it. No run ends with 70, hangs, takes memory
/// without a bound, loses or reorders an event, or shows a person a control character or a secret. <c>OPCOLLECTOR_FUZZ=100000</c> plays
/// more cases of each kind than an ordinary run, <c>OPCOLLECTOR_FUZZ_MINUTES=10</c> as many as go into ten minutes for each, and
/// <c>OPCOLLECTOR_SEED=17</c> one alone.
/// </summary>
[Collection(SerialCollection.Name)]
[Trait(Fast.Trait, SlowOnes.Name)]
public sealed class FuzzSpecs
{
    [Fact]
    public Task Whatever_op_prints_a_run_ends_as_it_should() => Fuzz.PlayAsync("what op prints", OpPages.PlayAsync);

    [Fact]
    public Task Whatever_the_Events_API_answers_a_run_ends_as_it_should() =>
        Fuzz.PlayAsync("what the Events API answers", EventsApiAnswers.PlayAsync);

    [Fact]
    public Task Whatever_a_receiver_answers_a_run_ends_as_it_should() =>
        Fuzz.PlayAsync("what a receiver answers", ReceiverAnswers.PlayAsync);

    [Fact]
    public Task Whatever_a_token_endpoint_answers_is_a_token_or_a_line() =>
        Fuzz.PlayAsync("what a token endpoint answers", TokenAnswers.PlayAsync);

    [Fact]
    public Task Whatever_a_configuration_holds_it_is_read_as_it_should() => Fuzz.PlayAsync("a configuration", ConfigurationFiles.PlayAsync);

    [Fact]
    public Task Whatever_a_file_of_rules_holds_it_is_read_as_it_should() => Fuzz.PlayAsync("a file of rules", RuleTexts.PlayAsync);

    [Fact]
    public Task Whatever_the_state_holds_a_run_ends_as_it_should() => Fuzz.PlayAsync("the state", StateFiles.PlayAsync);

    /// <summary>A part of it through the shipped file.</summary>
    [Fact]
    public async Task Whatever_is_read_the_shipped_program_ends_as_it_should()
    {
        const double Share = 0.02;
        await Fuzz.PlayAsync("what op prints", ShippedFuzz.OpAsync, Share);
        await Fuzz.PlayAsync("what a receiver answers", ShippedFuzz.ReceiverAsync, Share);
        await Fuzz.PlayAsync("a configuration", ShippedFuzz.ConfigurationAsync, Share);
        await Fuzz.PlayAsync("a file of rules, or of events", ShippedFuzz.FilesAsync, Share);
        await Fuzz.PlayAsync("the state", ShippedFuzz.StateAsync, Share);
    }
}
