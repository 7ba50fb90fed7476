package io.espalier.service.run;

/** An attempt that is on its way; all may be asked from any thread, and return at once. */
public interface Attempt {
  /** Checkpoint at the next sync, then end. */
  void pause();

  /** Checkpoint at the next sync, and go on. */
  void checkpoint();

  /** End as soon as possible, without a checkpoint. */
  void cancel();
}
