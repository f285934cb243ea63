using ServeBench.Models.Hub;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Store;

public sealed class HubMemoryTests : IDisposable
{
    private static readonly HubSettings Settings = new() { Endpoint = new Uri("https://hub.example") };
    private static readonly HubUnavailableException Unreachable = new("https://hub.example/a could not be fetched", "hub.example cannot be reached from here", "", new IOException());
    private static readonly HubUnavailableException Refused = new("https://hub.example/a was refused", "hub.example answers 401 Unauthorized", "");

    private readonly TemporaryFolder _folder = new();
    private readonly Clock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_hub_out_of_reach_is_remembered_for_every_model_for_a_while()
    {
        Memory(Settings).Remember(TinyModel.Card(), Unreachable);
        Assert.Equal("hub.example cannot be reached from here", Memory(Settings).Recall(Another())?.Brief);
        Assert.Null(Memory(Settings with { Endpoint = new Uri("https://mirror.example") }).Recall(Another()));
        _clock.Now += TimeSpan.FromMinutes(59);
        Assert.NotNull(Memory(Settings).Recall(Another()));
        _clock.Now += TimeSpan.FromMinutes(2);
        Assert.Null(Memory(Settings).Recall(Another()));
    }

    [Fact]
    public void A_refusal_is_remembered_for_its_repository_and_token_alone()
    {
        Memory(Settings).Remember(TinyModel.Card(), Refused);
        Assert.Equal("hub.example answers 401 Unauthorized", Memory(Settings).Recall(TinyModel.Card())?.Brief);
        Assert.Null(Memory(Settings).Recall(Another()));
        Assert.Null(Memory(Settings with { Token = "new" }).Recall(TinyModel.Card()));
    }

    [Fact]
    public void What_the_hub_gives_after_all_is_no_longer_held_against_it()
    {
        Memory(Settings).Remember(TinyModel.Card(), Unreachable);
        Memory(Settings).Remember(Another(), Refused);
        Memory(Settings).Forget(TinyModel.Card());
        Assert.Null(Memory(Settings).Recall(TinyModel.Card()));
        Assert.Equal("hub.example answers 401 Unauthorized", Memory(Settings).Recall(Another())?.Brief);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("[{}]")]
    [InlineData("""[{"source":"https://hub.example/","brief":null,"detail":"","at":"2026-01-01T00:00:00+00:00"}]""")]
    public void A_damaged_note_says_nothing(string text)
    {
        File.WriteAllText(_folder.File("hub.json"), text);
        Assert.Null(Memory(Settings).Recall(TinyModel.Card()));
        Memory(Settings).Remember(TinyModel.Card(), Unreachable);
        Assert.NotNull(Memory(Settings).Recall(TinyModel.Card()));
    }

    private HubMemory Memory(HubSettings settings) => new(_folder.Path, settings, _clock);

    private static Domain.Models.ModelCard Another()
    {
        var card = TinyModel.Card("another");
        return card with { Source = card.Source with { Repository = "example/another" } };
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
