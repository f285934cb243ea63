using ServeBench.Domain.Faults;
using ServeBench.Runs.Storing;

namespace ServeBench.Runs.Tests.Storing;

public class MachineLockTests
{
    [Fact]
    public void Only_one_measurement_at_a_time()
    {
        var file = Path.Combine(Path.GetTempPath(), $"servebench-test-{Guid.NewGuid():N}.lock");
        using (MachineLock.Take(file))
        {
            var failure = Assert.Throws<RunFailedException>(() => MachineLock.Take(file));
            Assert.Contains($"process {Environment.ProcessId}", failure.Message, StringComparison.Ordinal);
        }
        MachineLock.Take(file).Dispose();
        File.Delete(file);
        File.Delete(file + ".owner");
    }
}
