package io.espalier.federation.client;

import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.LockFile;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.masks.Layout;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.codec.DamagedMaskException;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.masks.federated.ErrorFeedback;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.state.StateLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A client's state of one run: its masks, its rounding errors, and a result that the server has not
 * acknowledged. One process at a time holds it. A damaged file counts as absent. A result exists
 * once its header does; its rounding errors take effect when it is accepted. Each file is replaced
 * as a whole, so that one thread may finish a result while another reads; a caller that accepts or
 * deletes a result must know that none is being finished.
 */
public final class ClientStateDirectory implements AutoCloseable {
  private static final String RUN = "run";
  private static final String MASKS = "masks";
  private static final String OWED = "owed";
  private static final String OWED_NEXT = "owed-next";
  private static final String RESULT = "result";
  private static final String RESULT_HEADER = "result-header";

  private final Path directory;
  private final LockFile lock;
  private final PayloadCache payloads;

  record FinishedResult(UploadHeader header, Path file) {
    String round() {
      return header.getRound();
    }
  }

  private ClientStateDirectory(Path directory, LockFile lock) {
    this.directory = directory;
    this.lock = lock;
    this.payloads = new PayloadCache(directory.resolve("payloads"));
  }

  /** The state directory of the device with an identity. */
  public static Path beside(Path identity) {
    return identity.resolve("state");
  }

  /** Opens or creates a directory; throws if another process holds it. */
  public static ClientStateDirectory open(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("payloads"));
    LockFile lock =
        LockFile.take(directory.resolve("claim"))
            .orElseThrow(
                () ->
                    InvalidConfigException.of(
                        "--identity",
                        "must be in use by one process at a time: directory=%s; end the other one, or enrol this one under a name of its own"
                            .formatted(directory)));
    return new ClientStateDirectory(directory, lock);
  }

  /** Deletes the state of any other run. */
  public void belongTo(String run) throws IOException {
    byte[] name = run.getBytes(StandardCharsets.UTF_8);
    Optional<byte[]> known = ChecksummedFile.read(file(RUN));
    if (known.isEmpty() || !new String(known.get(), StandardCharsets.UTF_8).equals(run)) {
      forgetResult();
      forgetMasks();
      Files.deleteIfExists(file(OWED));
      ChecksummedFile.write(file(RUN), name);
    }
  }

  public PayloadCache payloads() {
    return payloads;
  }

  public Optional<MaskSet> masks(Layout layout, List<ParameterId> prunable) throws IOException {
    Optional<byte[]> bytes = ChecksummedFile.read(file(MASKS));
    try {
      return bytes.map(
          each ->
              MaskCodec.decodeFull(
                  Arrays.copyOfRange(each, Integer.BYTES, each.length), layout, prunable));
    } catch (DamagedMaskException e) {
      return Optional.empty();
    }
  }

  public void keep(MaskSet masks) throws IOException {
    byte[] bits = MaskCodec.encodeFull(masks);
    ChecksummedFile.write(
        file(MASKS),
        ByteBuffer.allocate(Integer.BYTES + bits.length)
            .putInt(masks.version().number())
            .put(bits)
            .array());
  }

  public void forgetMasks() throws IOException {
    Files.deleteIfExists(file(MASKS));
  }

  /** The rounding errors to add to the next result. */
  public Optional<List<ErrorFeedback>> owed(StateLayout layout) throws IOException {
    return ChecksummedFile.read(file(OWED)).flatMap(bytes -> RoundingErrors.decode(bytes, layout));
  }

  /**
   * Stores a result until it is accepted or deleted. {@code header} lacks digest and length; {@code
   * owed} is kept on acceptance.
   */
  public FinishedResult finish(UploadHeader header, ByteBuffer result, List<ErrorFeedback> owed)
      throws IOException {
    byte[] bytes = new byte[result.remaining()];
    result.duplicate().get(bytes);
    AtomicFile.write(file(RESULT), out -> out.write(bytes));
    ChecksummedFile.write(file(OWED_NEXT), RoundingErrors.encode(owed));
    UploadHeader whole =
        header.toBuilder().setDigest(Sha256.ofFile(file(RESULT))).setBytes(bytes.length).build();
    ChecksummedFile.write(file(RESULT_HEADER), whole.toByteArray());
    return new FinishedResult(whole, file(RESULT));
  }

  /** The result that the server has not acknowledged. */
  public Optional<FinishedResult> result() throws IOException {
    Optional<byte[]> header = ChecksummedFile.read(file(RESULT_HEADER));
    if (header.isEmpty() || !Files.exists(file(RESULT))) {
      return Optional.empty();
    }
    try {
      UploadHeader parsed = UploadHeader.parseFrom(header.get());
      return Sha256.ofFile(file(RESULT)).equals(parsed.getDigest())
          ? Optional.of(new FinishedResult(parsed, file(RESULT)))
          : Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  /** Deletes the result, which the server has, and keeps its rounding errors. */
  public void accept() throws IOException {
    if (Files.exists(file(OWED_NEXT))) {
      AtomicFile.move(file(OWED_NEXT), file(OWED));
    }
    forgetResult();
  }

  /** Deletes the result and its rounding errors. */
  public void forgetResult() throws IOException {
    Files.deleteIfExists(file(RESULT_HEADER));
    Files.deleteIfExists(file(OWED_NEXT));
    Files.deleteIfExists(file(RESULT));
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  @Override
  public void close() {
    lock.close();
  }
}
