using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;

namespace ServeBench.Work;

/// <summary>
/// A kind of work that stacks can be asked to do: what a workload of it says, what is sent, what is right, how fast the raw runtime
/// does it, and what people call it. One folder each; <see cref="KnownWork"/> finds them, and nothing names one.
/// </summary>
public abstract class WorkKind : IPayloadKind
{
    /// <summary>What <c>payload.kind</c> of a workload and <c>payload</c> of a protocol choose it by.</summary>
    public abstract string Name { get; }

    public abstract Nouns Nouns { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<string> Variables { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<AnswerValue> AnswerValues { get; }

    /// <summary>By what an answer is compared with the one that was expected; each has its limit in the model card.</summary>
    public abstract IReadOnlyList<Measure> Measures { get; }

    public IReadOnlyList<LimitKey> Limits => [.. Measures.Select(m => m.Limit)];

    public abstract PayloadSpec Read(YamlMapping section);

    /// <summary>The payload in one sentence without a full stop, for reports.</summary>
    public abstract string Describe(PayloadSpec payload);

    /// <summary>Draws the distinct requests of a workload for one model: the same seed gives the same everywhere.</summary>
    /// <param name="payload">What <see cref="Read(YamlMapping)"/> has read.</param>
    /// <param name="dataFolder">Where <see cref="PayloadSpec.Files"/> lie.</param>
    /// <param name="model">A prepared model.</param>
    /// <param name="seed">The payload seed.</param>
    /// <exception cref="Domain.Faults.RunFailedException">when the data cannot give so many different requests.</exception>
    public abstract DrawnRequests Draw(PayloadSpec payload, string dataFolder, ModelArtifact model, long seed);

    /// <summary>The inputs, of one item each, whose answers every stack must reproduce; at least one.</summary>
    public abstract IReadOnlyList<Reference> References(ModelArtifact model);

    /// <summary>
    /// Items that a server should refuse, the likeliest to be refused only when it is executed first; none where the kind knows none.
    /// </summary>
    public virtual IReadOnlyList<BadItem> BadItems(ModelArtifact model) => [];

    /// <summary>Compares an item of an answer with what was expected of it.</summary>
    /// <param name="expected">As <see cref="Reference.Expected"/> or <see cref="IExpectations"/> gives it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="item">Which of its items, from 0.</param>
    public abstract Closeness Compare(object expected, ServedAnswer answer, int item);

    /// <summary>
    /// What is expected of requests that are not references; null where nothing says, so that answers under load are not
    /// compared.
    /// </summary>
    public abstract IExpectations? Expectations(ModelArtifact model);

    /// <summary>Bytes of body that a good answer has for each item at the very least; 0 when nothing is known.</summary>
    public virtual int LeastBytesPerItem(ModelArtifact model) => 0;

    /// <summary>
    /// Counts the tokens of a piece of an answer's text, UTF-8 and not empty, as the model itself cuts texts; null where answers are
    /// no texts.
    /// </summary>
    public virtual Func<ReadOnlySpan<byte>, int>? TextCounter(ModelArtifact model) => null;

    /// <summary>The raw runtime in a loop inside this process with no server around it; null where there is none.</summary>
    /// <param name="model">The model.</param>
    /// <param name="requests">Whose inputs.</param>
    /// <param name="options">How it is to run.</param>
    public virtual IRawRuntime? RawRuntime(ModelArtifact model, IReadOnlyList<WorkRequest> requests, RawOptions options) => null;

    /// <summary>True when <see cref="RawRuntime"/> gives a loop.</summary>
    public virtual bool HasRawRuntime => false;

    /// <summary>The body, ASCII, with which the null server answers as a stack would, in size and form.</summary>
    /// <param name="model">The model.</param>
    /// <param name="items">Items in a request.</param>
    public abstract string NullAnswer(ModelArtifact model, int items);

    /// <summary>Events of a streamed answer before its last, as the null server is to send them.</summary>
    /// <param name="requests">What is sent.</param>
    public virtual int NullEvents(IReadOnlyList<WorkRequest> requests) => 1;
}
