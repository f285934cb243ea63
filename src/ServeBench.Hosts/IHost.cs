using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;

namespace ServeBench.Hosts;

/// <summary>A place where stacks can be deployed: processes of this machine, containers, clusters.</summary>
public interface IHost
{
    /// <summary>What <c>--host=</c> and the section of stack.yaml call it.</summary>
    string Name { get; }

    /// <summary>One sentence for lists.</summary>
    string Summary { get; }

    /// <summary>Reads the host's section of stack.yaml.</summary>
    ISectionReader Section { get; }

    /// <summary>
    /// Looks at the place, once: whether anything can be deployed there, and each of these stacks. What it finds is given by the members
    /// below without waiting. Preparing, deploying and sweeping look by themselves.
    /// </summary>
    Task LookAsync(IReadOnlyList<Stack> stacks, CancellationToken cancellationToken);

    /// <summary>Why nothing can be deployed here at all, with the remedy; null when it can. Known once it has been looked.</summary>
    Obstacle? Unavailable { get; }

    /// <summary>
    /// Why this stack cannot be deployed here for all of its groups, with the remedy; null when it can. Known once it has been looked at.
    /// </summary>
    Obstacle? CannotRun(Stack stack);

    /// <summary>
    /// What deploying this stack would open to others: a server that listens on every interface can be reached by whoever reaches this
    /// machine. Null when nothing. It can run all the same, where the user agrees.
    /// </summary>
    Obstacle? Exposes(Stack stack) => null;

    /// <summary>
    /// Why this stack takes part in a run only where it is asked for by name, such as much that would have to be fetched for it; null when
    /// it takes part unasked. Known once it has been looked at.
    /// </summary>
    Obstacle? OnlyByName(Stack stack) => null;

    /// <summary>
    /// Hash of whatever decides how the stack runs here, in any of its tracks: its settings, its programs or its image. Known
    /// once it has been prepared.
    /// </summary>
    string Fingerprint(Stack stack);

    /// <summary>Name and version of what the host itself consists of, for reports.</summary>
    IReadOnlyDictionary<string, string> Versions => new Dictionary<string, string>();

    /// <summary>Does what must be done once before stacks can be fingerprinted and deployed, such as building their images.</summary>
    /// <returns>Why a stack cannot be deployed after all, by its name; nothing for those that can.</returns>
    Task<IReadOnlyDictionary<string, Obstacle>> PrepareAsync(
        IReadOnlyList<Stack> stacks, PrepareOptions options, IRunObserver observer, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, Obstacle>>(new Dictionary<string, Obstacle>());

    /// <summary>The image that a prepared stack runs from; null where there are no images.</summary>
    ImageRecord? Image(Stack stack) => null;

    /// <summary>What is known of a server that runs already; null for a stack that is deployed here.</summary>
    EndpointRecord? Endpoint(Stack stack) => null;

    /// <summary>Brings the machine on which a stack is about to start into the same state as before every other start.</summary>
    /// <returns>Bytes of free memory touched; 0 where there is nothing to do, or it cannot be done.</returns>
    Task<long> PrepareMachineAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

    /// <summary>The machine that stacks run on, where it is not this one.</summary>
    RemoteMachineRecord? Elsewhere => null;

    /// <summary>The logical processors that servers get: this machine's by its plan, or those of the machine they run on.</summary>
    IReadOnlyList<int> ServerCpus(CorePlan cores) => cores.Server;

    /// <summary>Starts the stack. It is running, not ready, when this returns.</summary>
    /// <exception cref="RunFailedException">when it cannot be started.</exception>
    Task<IDeployment> DeployAsync(DeploymentRequest request, CancellationToken cancellationToken);

    /// <summary>Ends whatever a run that is no longer alive left behind.</summary>
    /// <returns>A sentence for each thing that was ended or removed, and for each that could not be.</returns>
    Task<IReadOnlyList<string>> SweepAsync(CancellationToken cancellationToken);
}

/// <param name="Problem">What is missing.</param>
/// <param name="Remedy">What to do, as an imperative sentence.</param>
public sealed record Obstacle(string Problem, string Remedy)
{
    public override string ToString() => $"{Problem}. {Remedy}.";
}

/// <param name="Force">Do it again even where it is done.</param>
/// <param name="Offline">Never use the network to fetch what could be made.</param>
public sealed record PrepareOptions(bool Force, bool Offline);

/// <summary>What to deploy.</summary>
public sealed record DeploymentRequest
{
    /// <summary>Unique over all runs; used as a label on whatever is started.</summary>
    public required string Id { get; init; }

    public required Stack Stack { get; init; }

    /// <summary>How the stack is set up: one of its tracks.</summary>
    public required Track Track { get; init; }

    public required ModelArtifact Model { get; init; }

    /// <summary>Absolute path of the folder that was made for the stack of the model; null where it reads the model's own.</summary>
    public string? Repository { get; init; }

    /// <summary>Gets everything the server prints.</summary>
    public required string LogFile { get; init; }

    /// <summary>
    /// This machine's logical processors that are not the client's. The server is confined to them; where it runs on another
    /// machine, what leads there is.
    /// </summary>
    public required IReadOnlyList<int> Cpus { get; init; }
}
