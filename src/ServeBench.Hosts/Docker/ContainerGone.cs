using System.Diagnostics;
using System.Net;
using ServeBench.Domain.Faults;

namespace ServeBench.Hosts.Docker;

/// <summary>
/// Proves that nobody answers any more where a removed container did: an engine's own proxy, or another container that was given the
/// address, would answer the next server's requests.
/// </summary>
internal static class ContainerGone
{
    /// <summary>How long an engine may take to close a port after its container is removed.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>An address that nobody has answers nothing at all, not even that it refuses.</summary>
    private static readonly TimeSpan NoAnswer = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <param name="name">The container's.</param>
    /// <param name="endpoints">Where its server answered.</param>
    /// <exception cref="RunFailedException">when somebody still listens there.</exception>
    public static async Task ProveAsync(string name, Endpoints endpoints)
    {
        foreach (var endpoint in Endpoints.Names.Select(n => endpoints[n]).Distinct())
        {
            var since = Stopwatch.GetTimestamp();
            while (await ListensAsync(endpoint))
            {
                if (Stopwatch.GetElapsedTime(since) > Limit)
                    throw new RunFailedException(
                        $"the container {name} is removed, and {endpoint} still accepts connections {Limit.TotalSeconds:0} s later",
                        "See who listens there (ss -ltnp); restart the Docker Engine if it is its proxy, and run the same command again");
                await Task.Delay(LookAgain);
            }
        }
    }

    private static async Task<bool> ListensAsync(IPEndPoint endpoint)
    {
        using var limit = new CancellationTokenSource(NoAnswer);
        try
        {
            return await LocalPort.AnswersAsync(endpoint, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
