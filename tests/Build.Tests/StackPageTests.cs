using ServeBench.Build.Composition;
using ServeBench.Build.Listings;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Stacks;

namespace ServeBench.Build.Tests;

/// <summary>docs/stacks.md is generated from the stacks' folders, and says what they say.</summary>
public sealed class StackPageTests : IDisposable
{
    private readonly Screen _screen = new();
    private readonly ProgramServices _services;

    public StackPageTests() => _services = new ProgramServices(RepositoryPaths.Find(), _screen);

    public void Dispose()
    {
        _services.Dispose();
        _screen.Dispose();
    }

    private Catalogue Catalogue => _services.Catalogue;

    [Fact]
    public void The_page_is_current()
    {
        var page = StackPage.Document(Catalogue);
        var file = Path.Combine(_services.Paths.Root, "docs", "stacks.md");
        if (File.Exists(file) && File.ReadAllText(file) == page) return;
        var received = Path.Combine(Directory.CreateDirectory(_services.Paths.Artifacts).FullName, "stacks.md");
        File.WriteAllText(received, page);
        Assert.Fail($"{file} is not what the folders say: compare it with {received}, and replace it if the change is meant");
    }

    [Fact]
    public void Every_folder_says_what_stands_behind_it_and_its_README_does_not_claim_more()
    {
        Assert.All(Catalogue.Stacks, stack =>
        {
            Assert.NotNull(stack.Evidence);
            var readme = File.ReadAllText(Path.Combine(stack.Folder, "README.md"));
            string[] due = stack.Evidence.Kind switch
            {
                "recorded" => ["**Not yet run here.** Behaviour recorded from version", stack.Evidence.Version!, stack.Evidence.On!],
                "documented" => ["**Not yet run"],
                _ => [],
            };
            Assert.All(due, d => Assert.Contains(d, readme, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void A_row_says_where_a_stack_runs_and_what_is_known_of_it()
    {
        var row = StackPage.Rows(Catalogue).Single(r => r[0] == "triton");
        Assert.Equal(["triton", "image-classification", "docker, process", "default, tuned"], row[..4]);
        Assert.Equal("recorded, not yet run here, version 2.51.0, on 2026-11-29", row[^1]);
        Assert.Contains(StackPage.FeatureRows(Catalogue), r => r[0] == "triton" && r[1 + StackEvidence.KnownFeatures.ToList().IndexOf("multi-step")] == "yes");
    }
}
