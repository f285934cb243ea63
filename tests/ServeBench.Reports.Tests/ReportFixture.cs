using ServeBench.Domain.Storage;
using ServeBench.Measurement.Results;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>Writes each approved report once for all tests of a class.</summary>
public sealed class ReportFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly Dictionary<string, (RunFolder Folder, RunResults Results)> _reports = [];
    private readonly SemaphoreSlim _one = new(1);

    public async Task<(RunFolder Folder, RunResults Results)> WriteAsync(SyntheticRun run)
    {
        await _one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_reports.TryGetValue(run.Id, out var report)) return report;
            var folder = run.Write(_temporary.Path);
            var results = ReportWriter.Write(folder, TestContext.Current.CancellationToken);
            return _reports[run.Id] = (folder, results);
        }
        finally
        {
            _one.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _temporary.Dispose();
        _one.Dispose();
        return ValueTask.CompletedTask;
    }
}
