package io.espalier.federation.simulation;

/** A round's work in virtual time; {@code leavesMs} is after its end if the client stays. */
record ClientTask(
    VirtualClient client,
    Load load,
    long startMs,
    long downMs,
    long workMs,
    long upMs,
    long leavesMs) {

  /** A client's load: {@code steps} are batches, {@code bytesUp} the largest result. */
  record Load(long bytesDown, long steps, long bytesUp) {
    Load withDown(long bytes) {
      return new Load(bytes, steps, bytesUp);
    }
  }

  static ClientTask of(VirtualClient client, Load load, long startMs) {
    double perByteMs = 1000 / client.speed().bytesPerSecond();
    return new ClientTask(
        client,
        load,
        startMs,
        (long) Math.ceil(load.bytesDown() * perByteMs),
        (long) Math.ceil(1000 * load.steps() * client.speed().secondsPerStep()),
        (long) Math.ceil(load.bytesUp() * perByteMs),
        Long.MAX_VALUE);
  }

  ClientTask leavingAt(long timeMs) {
    return new ClientTask(client, load, startMs, downMs, workMs, upMs, Math.min(leavesMs, timeMs));
  }

  long durationMs() {
    return downMs + workMs + upMs;
  }

  long endsMs() {
    return startMs + durationMs();
  }

  boolean isLost() {
    return leavesMs < endsMs();
  }

  /**
   * When the server last received a sign of progress: continuously in transfers, else at each step.
   */
  long progressedMs(long nowMs) {
    long passed = passedMs(nowMs);
    long worked = passed - downMs;
    if (worked <= 0 || worked >= workMs) {
      return startMs + passed;
    }
    double stepMs = (double) workMs / load.steps();
    return startMs + downMs + (long) (Math.floor(worked / stepMs) * stepMs);
  }

  long received(long nowMs) {
    long passed = passedMs(nowMs);
    return passed >= downMs ? load.bytesDown() : load.bytesDown() * passed / downMs;
  }

  private long passedMs(long nowMs) {
    return Math.min(Math.min(nowMs, leavesMs), endsMs()) - startMs;
  }
}
