package io.espalier.configs;

/** Says what a run does when its directory cannot be written. */
public enum WhenDiskFull {
  /** The run fails; its newest checkpoint and all events before it are complete. */
  STOP,
  /** It trains on without checkpoints and events until there is room, then reports the gap. */
  CONTINUE
}
