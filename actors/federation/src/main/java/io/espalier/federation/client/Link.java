package io.espalier.federation.client;

import io.espalier.configs.fault.Backoff;
import io.espalier.federation.protocol.DownloadRequest;
import io.espalier.federation.protocol.FederationGrpc;
import io.espalier.federation.protocol.FederationGrpc.FederationStub;
import io.espalier.federation.protocol.Receipt;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.transfer.FileChunks;
import io.espalier.federation.transfer.PartialTransfer;
import io.espalier.federation.transfer.ProgressTimeout;
import io.espalier.federation.transfer.WireKeys;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A client's connection to a federation. It connects when something is asked of it, and again when
 * something is asked after it broke; when to ask again is the caller's to decide, with a {@link
 * Backoff}. Thread-safe, and never blocks but to read a local file.
 */
public final class Link implements AutoCloseable {
  private static final int WINDOW_BYTES = 4 * FileChunks.BYTES;
  private static final int MESSAGE_BYTES = 4 * 1024 * 1024;

  private final LinkSettings settings;
  private final LinkThreads threads;
  private final ManagedChannel channel;

  private Link(LinkSettings settings, LinkThreads threads) {
    this.settings = settings;
    this.threads = threads;
    this.channel = channel(settings, threads);
  }

  /** A link that is not connected yet. */
  public static Link of(LinkSettings settings, LinkThreads threads) {
    return new Link(settings, threads);
  }

  /** Opens the stream of control; the caller says Hello. */
  public AttendCall attend(AttendCall.Listener listener) {
    AttendCall call = new AttendCall(listener, threads.timer(), settings.times().answer());
    var unused = stub().attend(call.receiver());
    return call;
  }

  /**
   * Downloads a payload into {@code target}, beside which a part of it waits if this fails: the
   * next call for the same digest goes on there.
   *
   * @param bytes that the payload has
   * @return the target, which has that digest and is on disk; fails with {@link
   *     ServerRefusedException}, {@link LinkLostException} or {@link IOException}
   */
  public CompletionStage<Path> download(String digest, long bytes, Path target) {
    try {
      PartialTransfer part =
          PartialTransfer.open(
              target.resolveSibling(target.getFileName() + ".part"),
              digest.getBytes(StandardCharsets.US_ASCII),
              bytes);
      DownloadCall call = new DownloadCall(digest, bytes, target, part);
      call.watchedBy(
          ProgressTimeout.start(threads.timer(), settings.times().progress(), call::cancel));
      stub()
          .download(
              DownloadRequest.newBuilder().setDigest(digest).setOffset(part.length()).build(),
              call);
      return call.done();
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Uploads a result; tried again after a failure, it goes on with what the server has not got.
   *
   * @param file whose size and digest the header tells
   * @return the receipt; fails with {@link ServerRefusedException}, {@link LinkLostException} or
   *     {@link IOException}
   */
  public CompletionStage<Receipt> upload(UploadHeader header, Path file) {
    try {
      UploadCall call = new UploadCall(header, FileChunks.of(file));
      call.watchedBy(
          ProgressTimeout.start(threads.timer(), settings.times().progress(), call::cancel));
      var unused = stub().upload(call);
      call.begin();
      return call.done();
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Ends the connection with all its calls. */
  @Override
  public void close() {
    threads.end(channel);
  }

  /** A channel that has failed would fail its next calls too, for as long as its own back-off. */
  private FederationStub stub() {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.enterIdle();
    }
    return FederationGrpc.newStub(channel);
  }

  private static ManagedChannel channel(LinkSettings settings, LinkThreads threads) {
    LinkSettings.Times times = settings.times();
    InetSocketAddress server = settings.server();
    NettyChannelBuilder builder =
        server.isUnresolved()
            ? NettyChannelBuilder.forAddress(server.getHostString(), server.getPort())
            : NettyChannelBuilder.forAddress(server);
    builder
        .channelType(NioSocketChannel.class, InetSocketAddress.class)
        .eventLoopGroup(threads.sockets())
        .executor(threads.executor())
        .offloadExecutor(threads.executor())
        .flowControlWindow(WINDOW_BYTES)
        .maxInboundMessageSize(MESSAGE_BYTES)
        .disableRetry()
        .keepAliveTime(times.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(times.keepAliveAnswer().toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveWithoutCalls(true);
    if (settings.tls().isPresent()) {
      builder.sslContext(settings.tls().get());
    } else {
      Metadata headers = new Metadata();
      headers.put(WireKeys.CLIENT, settings.client());
      builder.usePlaintext().intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
    return builder.build();
  }
}
