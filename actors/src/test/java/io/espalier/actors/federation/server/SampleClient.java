package io.espalier.actors.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.actors.federation.link.AttendCall;
import io.espalier.actors.federation.link.Link;
import io.espalier.actors.federation.link.RefusedException;
import io.espalier.actors.federation.link.ServerMessages;
import io.espalier.actors.federation.protocol.FromClient;
import io.espalier.actors.federation.protocol.FromServer;
import io.espalier.actors.federation.protocol.Hello;
import io.espalier.actors.federation.protocol.Ready;
import io.espalier.actors.federation.protocol.Receipt;
import io.espalier.actors.federation.protocol.Task;
import io.espalier.actors.federation.protocol.UploadHeader;
import io.espalier.masks.MaskSet;
import io.espalier.masks.quantization.ValueFormat;
import io.espalier.trainer.data.format.Sha256;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.payload.ResultWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that sends what a test tells it to, over a real connection. */
final class SampleClient implements AutoCloseable {
  static final int EXAMPLES = 50;
  private static final int PATIENCE_S = 30;

  private final PreparedFederation federation;
  private final Link link;
  private final BlockingQueue<FromServer> inbox = new LinkedBlockingQueue<>();
  private final BlockingQueue<Exception> endings = new LinkedBlockingQueue<>();
  private Optional<AttendCall> stream = Optional.empty();

  SampleClient(PreparedFederation federation, Link link) {
    this.federation = federation;
    this.link = link;
  }

  void attend(double cap) {
    attend(cap, 0);
  }

  void attend(double cap, long memoryCap) {
    hello(cap, memoryCap);
    assertThat(next().hasWelcome()).isTrue();
    send(
        FromClient.newBuilder()
            .setReady(Ready.newBuilder().setExamples(EXAMPLES).setHeldBack(0))
            .build());
  }

  /** Why the stream ended, as a refusal's word. */
  String refusal() {
    try {
      Exception failure = endings.poll(PATIENCE_S, TimeUnit.SECONDS);
      return failure instanceof RefusedException refused ? refused.reason() : "" + failure;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Opens the stream and says the first word. */
  void hello(double cap) {
    hello(cap, 0);
  }

  /** The same of a device with so many bytes of memory to train in; 0 for any number. */
  void hello(double cap, long memoryCap) {
    AttendCall call =
        link.attend(
            new ServerMessages() {
              @Override
              public void received(FromServer message) {
                inbox.add(message);
              }

              @Override
              public void ended(Optional<Exception> failure) {
                failure.ifPresent(endings::add);
              }
            });
    stream = Optional.of(call);
    send(
        FromClient.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .addProtocolVersions(1)
                    .setSoftware("test")
                    .setDensityCap(cap)
                    .setMemoryCap(memoryCap))
            .build());
  }

  private void send(FromClient message) {
    stream.orElseThrow().send(message);
  }

  /** The server's next message. */
  FromServer next() {
    try {
      FromServer message = inbox.poll(PATIENCE_S, TimeUnit.SECONDS);
      assertThat(message).isNotNull();
      return message;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next task, past whatever else the server says. */
  Task task() {
    FromServer message = next();
    while (!message.hasTask()) {
      message = next();
    }
    return message.getTask();
  }

  /** A sound result of a round that trains: every weight that is kept moves by {@code change}. */
  byte[] result(MaskSet holds, float change, int examples) {
    List<float[]> changes =
        federation.values().stateLayout().entries().stream()
            .map(
                entry -> {
                  float[] values = new float[entry.size()];
                  Arrays.fill(values, change);
                  return values;
                })
            .toList();
    ResultWriter writer = new ResultWriter(federation.values().stateLayout());
    var bytes =
        writer
            .encode(
                new ClientResult.Trained(examples, 3, 1.5, changes, List.of()),
                holds,
                ValueFormat.FP32,
                writer.nothingOwed())
            .bytes();
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  /** The header that belongs to a result for a task. */
  UploadHeader.Builder header(Task task, byte[] result) {
    return UploadHeader.newBuilder()
        .setRound(task.getRound())
        .setLayoutDigest(task.getLayoutDigest())
        .setMaskVersion(task.getMaskVersion())
        .setDigest(Sha256.ofBytes(result))
        .setBytes(result.length);
  }

  /** Uploads; the word of the refusal, or "accepted" or "duplicate". */
  String upload(UploadHeader header, byte[] result) {
    try {
      Path file = Files.write(Files.createTempFile("result", ".bin"), result);
      Receipt receipt = link.upload(header, file).toCompletableFuture().join();
      Files.delete(file);
      return receipt.getDuplicate() ? "duplicate" : "accepted";
    } catch (CompletionException e) {
      if (e.getCause() instanceof RefusedException refused) {
        return refused.reason();
      }
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    link.close();
  }
}
