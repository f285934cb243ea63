namespace ServeBench.Runs.Stages;

/// <summary>A stage that is run when its result is first asked for, and never again; one that failed is run again.</summary>
/// <param name="run">The stage.</param>
internal sealed class Once<T>(Func<CancellationToken, Task<T>> run)
    where T : class
{
    /// <summary>The result; null while there is none.</summary>
    public T? Known { get; private set; }

    public async Task<T> GetAsync(CancellationToken cancellationToken) => Known ??= await run(cancellationToken);
}
