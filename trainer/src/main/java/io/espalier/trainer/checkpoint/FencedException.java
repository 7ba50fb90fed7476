package io.espalier.trainer.checkpoint;

/** A later reign over the run has begun: what this one does counts no more. */
public final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long term;
  private final long by;

  /**
   * @param by the latest term
   */
  public FencedException(long term, long by) {
    super("only the latest reign acts on a run: term=%d, latest=%d".formatted(term, by));
    this.term = term;
    this.by = by;
  }

  public long term() {
    return term;
  }

  /** The term of the later reign. */
  public long by() {
    return by;
  }
}
