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
 * A client's connection to a federation. It connects when a call is made, and again at the next
 * call after it broke; the caller decides when to call again, with a {@link Backoff}. Thread-safe,
 * and never blocks except to read a local file.
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

  public static Link of(LinkSettings settings, LinkThreads threads) {
    return new Link(settings, threads);
  }

  /** Opens the stream of control, on which the caller must send Hello first. */
  public AttendCall attend(AttendCall.Listener listener) {
    AttendCall call = new AttendCall(listener, threads.timer(), settings.times().answer());
    var unused = stub().attend(call.receiver());
    return call;
  }

  /**
   * Downloads a payload into {@code target}. After a failure a part of it remains beside the
   * target, where the next call for the same digest continues.
   *
   * @param bytes size of the payload
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
      call.limitedBy(
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
   * Uploads a result; after a failure another call sends only what the server lacks.
   *
   * @param header with size and digest of the file
   * @return the receipt; fails with {@link ServerRefusedException}, {@link LinkLostException} or
   *     {@link IOException}
   */
  public CompletionStage<Receipt> upload(UploadHeader header, Path file) {
    try {
      UploadCall call = new UploadCall(header, FileChunks.of(file));
      call.limitedBy(
          ProgressTimeout.start(threads.timer(), settings.times().progress(), call::cancel));
      var unused = stub().upload(call);
      call.begin();
      return call.done();
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public void close() {
    threads.end(channel);
  }

  /** A failed channel would fail its next calls too, for as long as its own back-off. */
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
