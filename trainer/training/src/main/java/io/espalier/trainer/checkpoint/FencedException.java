package io.espalier.trainer.checkpoint;

/** A later run epoch has begun; writes of this one have no effect. */
public final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long term;
  private final long by;

  public FencedException(long term, long by) {
    super("only the latest run epoch may write: term=%d, latest=%d".formatted(term, by));
    this.term = term;
    this.by = by;
  }

  public long term() {
    return term;
  }

  public long by() {
    return by;
  }
}
