package io.espalier.federation.client;

import io.espalier.federation.protocol.Payload;
import io.espalier.federation.protocol.Task;
import io.espalier.masks.federated.ValueFormat;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.federated.RoundWork.ProposalCount;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** An accepted task; {@code cancelled} is set once its result is unwanted. Thread-safe. */
record Assignment(Task task, AtomicBoolean cancelled) {
  private static final long LARGEST_PAYLOAD = 1L << 30;

  /** Throws {@link IllegalArgumentException} if the kind or the payloads are unknown. */
  static Assignment of(Task task) {
    Assignment assignment = new Assignment(task, new AtomicBoolean());
    var unused = assignment.work();
    for (Payload payload : task.getPayloadsList()) {
      if (!payload.getDigest().matches("[0-9a-f]{64}")
          || payload.getBytes() < 0
          || payload.getBytes() > LARGEST_PAYLOAD) {
        throw new IllegalArgumentException(
            "a payload must have a SHA-256 and at most %d bytes: digest=%s, bytes=%d"
                .formatted(LARGEST_PAYLOAD, payload.getDigest(), payload.getBytes()));
      }
    }
    return assignment;
  }

  String round() {
    return task.getRound();
  }

  boolean isFor(Task other) {
    return round().equals(other.getRound()) && !isCancelled();
  }

  void cancel() {
    cancelled.set(true);
  }

  boolean isCancelled() {
    return cancelled.get();
  }

  RoundWork work() {
    return new RoundWork(
        task.getRound(),
        kind(),
        task.getCompletedRounds(),
        task.getLearningRate(),
        task.getProposalsList().stream()
            .map(each -> new ProposalCount(each.getParameter(), each.getCount()))
            .toList());
  }

  ValueFormat format() {
    return switch (task.getEncoding()) {
      case FLOAT16 -> ValueFormat.FP16;
      case INT8 -> ValueFormat.INT8;
      case FLOAT32, ENCODING_UNSPECIFIED, UNRECOGNIZED -> ValueFormat.FP32;
    };
  }

  Optional<Path> file(Payload.Role role, Function<String, Path> files) {
    List<Payload> found =
        task.getPayloadsList().stream().filter(payload -> payload.getRole() == role).toList();
    return found.isEmpty() ? Optional.empty() : Optional.of(files.apply(found.get(0).getDigest()));
  }

  private RoundWork.Kind kind() {
    return Arrays.stream(RoundWork.Kind.values())
        .filter(kind -> kind.name().equals(task.getKind().name()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a task must be of a known kind: kind=" + task.getKindValue()));
  }
}
