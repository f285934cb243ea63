using ServeBench.Domain.Faults;
using ServeBench.Runs.Storing;

namespace ServeBench.Runs.Tests.Storing;

public sealed class RunDirectoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Ids_are_dates_and_never_taken_twice()
    {
        var now = new DateTimeOffset(2026, 11, 21, 10, 5, 7, TimeSpan.FromHours(1));
        Assert.Equal("20261121T090507Z-embeddings", RunDirectory.NewId(_folder, "embeddings", now));
        Directory.CreateDirectory(Path.Combine(_folder, "20261121T090507Z-embeddings"));
        Assert.Equal("20261121T090507Z-embeddings-2", RunDirectory.NewId(_folder, "embeddings", now));
    }

    [Fact]
    public void Latest_is_what_it_was_pointed_at()
    {
        Make("1-a");
        Make("2-a");
        RunDirectory.PointLatestAt(_folder, "1-a");
        Assert.Equal("1-a", RunDirectory.Find(_folder, "latest").Id);
        Assert.True(Directory.Exists(Path.Combine(_folder, "latest")));
        RunDirectory.PointLatestAt(_folder, "2-a");
        Assert.Equal("2-a", RunDirectory.Find(_folder, "latest").Id);
        Assert.Equal(["2-a", "1-a"], RunDirectory.All(_folder).Select(f => f.Id));
    }

    [Fact]
    public void Without_a_pointer_latest_is_the_newest()
    {
        Make("1-a");
        Make("2-a");
        Assert.Equal("2-a", RunDirectory.Find(_folder, "latest").Id);
        RunDirectory.PointLatestAt(_folder, "1-a");
        Directory.Delete(Path.Combine(_folder, "1-a"), recursive: true);
        Assert.Equal("2-a", RunDirectory.Find(_folder, "latest").Id);
    }

    [Fact]
    public void A_run_that_is_not_there_is_told_with_the_nearest()
    {
        Assert.Contains("no run in", Assert.Throws<FaultException>(() => RunDirectory.Find(_folder, "latest")).Faults[0].Problem, StringComparison.Ordinal);
        Make("20261121T090507Z-embeddings");
        var fault = Assert.Throws<FaultException>(() => RunDirectory.Find(_folder, "20261121T090508Z-embeddings")).Faults[0];
        Assert.Contains("Did you mean 20261121T090507Z-embeddings?", fault.Remedy, StringComparison.Ordinal);
    }

    private void Make(string id)
    {
        Directory.CreateDirectory(Path.Combine(_folder, id));
        File.WriteAllText(Path.Combine(_folder, id, "manifest.json"), "{}");
    }
}
