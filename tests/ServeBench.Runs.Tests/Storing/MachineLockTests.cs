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

    /// <summary>Issue 14: held before anything is built, and across the stages, each of which takes it for itself where nothing is held.</summary>
    [Fact]
    public void What_is_held_for_a_whole_command_is_not_let_go_by_its_stages_and_says_who_holds_it()
    {
        var file = Path.Combine(Path.GetTempPath(), $"servebench-test-{Guid.NewGuid():N}.lock");
        using (MachineLock.Hold("./build.sh --target=Load --seed=7", file))
        {
            MachineLock.Take(file).Dispose();
            MachineLock.Take(file).Dispose();
            // Another command is refused still, and is told by whom.
            var failure = Assert.Throws<RunFailedException>(() => MachineLock.Hold("./build.sh --target=Verify", file));
            Assert.Contains($"(process {Environment.ProcessId}: ./build.sh --target=Load --seed=7)", failure.Message, StringComparison.Ordinal);
        }
        // Nothing of it is left: stages take the lock itself again.
        using (MachineLock.Take(file))
        {
            Assert.Throws<RunFailedException>(() => MachineLock.Take(file));
        }
        File.Delete(file);
        File.Delete(file + ".owner");
    }
}
