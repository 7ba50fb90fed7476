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
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A client's memory of one run: the masks that it holds, what rounding owes, and a result that the
 * server has not acknowledged. One process at a time has it. What is damaged counts as absent.
 *
 * <p>A result is there once its header is; what rounding owes after it takes effect when it is
 * accepted. Each file is replaced as a whole, so that one thread may finish a result while another
 * reads; who accepts or forgets a result must know that none is being finished.
 */
public final class ClientStateDirectory implements AutoCloseable {
  private static final String RUN = "run";
  private static final String MASKS = "masks";
  private static final String OWED = "owed";
  private static final String OWED_NEXT = "owed-next";
  private static final String RESULT = "result";
  private static final String RESULT_HEADER = "result-header";

  private final Path directory;
  private final LockFile claim;
  private final PayloadCache payloads;

  private ClientStateDirectory(Path directory, LockFile claim) {
    this.directory = directory;
    this.claim = claim;
    this.payloads = new PayloadCache(directory.resolve("payloads"));
  }

  /** Where the memory of the device with an identity is. */
  public static Path beside(Path identity) {
    return identity.resolve("state");
  }

  /**
   * Opens a directory, which is made if absent.
   *
   * @throws InvalidConfigException if another process has it
   */
  public static ClientStateDirectory open(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("payloads"));
    LockFile claim =
        LockFile.take(directory.resolve("claim"))
            .orElseThrow(
                () ->
                    InvalidConfigException.of(
                        "--identity",
                        "must be in use by one process at a time: directory=%s; end the other one, or enrol this one under a name of its own"
                            .formatted(directory)));
    return new ClientStateDirectory(directory, claim);
  }

  /** Forgets what belongs to another run than this one. */
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

  /** The masks that the client holds. */
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

  /** Version of the masks that the client holds. */
  public OptionalInt maskVersion() throws IOException {
    return ChecksummedFile.read(file(MASKS))
        .map(each -> OptionalInt.of(ByteBuffer.wrap(each).getInt()))
        .orElse(OptionalInt.empty());
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

  /** What rounding owes to the next result. */
  public Optional<List<ErrorFeedback>> owed(StateLayout layout) throws IOException {
    return ChecksummedFile.read(file(OWED)).flatMap(bytes -> RoundingErrors.decode(bytes, layout));
  }

  /**
   * Keeps a result until it is accepted or forgotten.
   *
   * @param header without digest and length
   * @param owed what rounding owes if the result is accepted
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

  /** The result that waits to be accepted. */
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

  /** The server has the result: what is owed changes, and the result goes. */
  public void accept() throws IOException {
    if (Files.exists(file(OWED_NEXT))) {
      Files.move(
          file(OWED_NEXT),
          file(OWED),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
    forgetResult();
  }

  /** The result is not wanted; what is owed stays. */
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
    claim.close();
  }
}
