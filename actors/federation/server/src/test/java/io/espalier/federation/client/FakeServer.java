package io.espalier.federation.client;

import com.google.protobuf.ByteString;
import io.espalier.federation.protocol.Chunk;
import io.espalier.federation.protocol.DownloadRequest;
import io.espalier.federation.protocol.FederationGrpc;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Goodbye;
import io.espalier.federation.protocol.Receipt;
import io.espalier.federation.protocol.Refusal;
import io.espalier.federation.protocol.RoundClosed;
import io.espalier.federation.protocol.Task;
import io.espalier.federation.protocol.UploadFrame;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.UploadReply;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A server that a test controls, on this machine and without TLS. */
final class FakeServer extends FederationGrpc.FederationImplBase implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;
  private static final int PATIENCE_SECONDS = 120;

  /** What an upload is answered once it is whole, or begins. */
  enum Answer {
    ACCEPT,
    /** The call breaks once the first chunk has come. */
    BREAK_AFTER_FIRST_CHUNK,
    REFUSE,
    /** Nothing at all. */
    SILENCE
  }

  final BlockingQueue<FromClient> heard = new LinkedBlockingQueue<>();
  final BlockingQueue<byte[]> results = new LinkedBlockingQueue<>();
  final BlockingQueue<UploadHeader> headers = new LinkedBlockingQueue<>();
  final Map<String, byte[]> payloads = new ConcurrentHashMap<>();
  final List<String> downloads = new CopyOnWriteArrayList<>();
  final List<Long> offsets = new CopyOnWriteArrayList<>();
  volatile FromServer greeting;
  volatile Answer answer = Answer.ACCEPT;
  private final Map<String, ByteArrayOutputStream> held = new ConcurrentHashMap<>();
  private volatile Optional<StreamObserver<FromServer>> stream = Optional.empty();
  private final Server server;

  FakeServer(FromServer greeting) {
    this.greeting = greeting;
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .addService(this)
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
  }

  @Override
  public StreamObserver<FromClient> attend(StreamObserver<FromServer> out) {
    return new StreamObserver<>() {
      @Override
      public void onNext(FromClient message) {
        if (message.hasHello()) {
          stream = Optional.of(out);
          out.onNext(greeting);
        }
        heard.add(message);
      }

      @Override
      public void onError(Throwable failure) {
        // A client that breaks off needs no answer.
      }

      @Override
      public void onCompleted() {
        out.onCompleted();
      }
    };
  }

  @Override
  public void download(DownloadRequest request, StreamObserver<Chunk> out) {
    downloads.add(request.getDigest());
    byte[] payload = Objects.requireNonNull(payloads.get(request.getDigest()));
    for (int from = (int) request.getOffset(); from < payload.length; from += CHUNK) {
      int length = Math.min(CHUNK, payload.length - from);
      out.onNext(Chunk.newBuilder().setData(ByteString.copyFrom(payload, from, length)).build());
    }
    out.onCompleted();
  }

  @Override
  public StreamObserver<UploadFrame> upload(StreamObserver<UploadReply> out) {
    return new Upload(out);
  }

  private final class Upload implements StreamObserver<UploadFrame> {
    private final StreamObserver<UploadReply> out;
    private Optional<UploadHeader> header = Optional.empty();

    Upload(StreamObserver<UploadReply> out) {
      this.out = out;
    }

    @Override
    public void onNext(UploadFrame frame) {
      if (frame.hasHeader()) {
        header = Optional.of(frame.getHeader());
        headers.add(frame.getHeader());
        begin();
        return;
      }
      held().writeBytes(frame.getChunk().getData().toByteArray());
      if (answer == Answer.BREAK_AFTER_FIRST_CHUNK) {
        answer = Answer.ACCEPT;
        out.onError(Status.UNAVAILABLE.asRuntimeException());
      } else if (held().size() == header.orElseThrow().getBytes()) {
        results.add(held().toByteArray());
        out.onNext(
            UploadReply.newBuilder()
                .setReceipt(Receipt.newBuilder().setDigest(header.orElseThrow().getDigest()))
                .build());
        out.onCompleted();
      }
    }

    private void begin() {
      if (answer == Answer.REFUSE) {
        out.onNext(
            UploadReply.newBuilder()
                .setRefusal(
                    Refusal.newBuilder().setReason("stale-round").setDetail("round=1, now=2"))
                .build());
        out.onCompleted();
      } else if (answer != Answer.SILENCE) {
        offsets.add((long) held().size());
        out.onNext(UploadReply.newBuilder().setOffset(held().size()).build());
      }
    }

    private ByteArrayOutputStream held() {
      return held.computeIfAbsent(
          header.orElseThrow().getDigest(), digest -> new ByteArrayOutputStream());
    }

    @Override
    public void onError(Throwable failure) {
      // A client that breaks off comes again.
    }

    @Override
    public void onCompleted() {
      // The answer is on its way.
    }
  }

  void send(Task task) {
    send(FromServer.newBuilder().setTask(task).build());
  }

  void close(String round) {
    send(FromServer.newBuilder().setRoundClosed(RoundClosed.newBuilder().setRound(round)).build());
  }

  void goodbye(String reason) {
    send(FromServer.newBuilder().setGoodbye(Goodbye.newBuilder().setReason(reason)).build());
  }

  private void send(FromServer message) {
    stream.orElseThrow().onNext(message);
  }

  /** Breaks the stream of control. */
  void hangUp() {
    stream.orElseThrow().onError(Status.UNAVAILABLE.asRuntimeException());
  }

  /** The next message of a kind; others before it are skipped. */
  FromClient await(Predicate<FromClient> kind) throws InterruptedException {
    FromClient message = take(heard);
    while (!kind.test(message)) {
      message = take(heard);
    }
    return message;
  }

  static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came within " + PATIENCE_SECONDS + " s");
    }
    return next;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
