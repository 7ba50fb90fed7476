package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.federation.client.Link;
import io.espalier.federation.client.LinkSettings;
import io.espalier.federation.client.LinkThreads;
import io.espalier.federation.protocol.Chunk;
import io.espalier.federation.protocol.FederationGrpc;
import io.espalier.federation.protocol.Receipt;
import io.espalier.federation.protocol.Task;
import io.espalier.federation.protocol.UploadFrame;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.UploadReply;
import io.espalier.federation.transfer.FileChunks;
import io.espalier.federation.transfer.WireKeys;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.training.run.ChildJvm;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server's process is killed while a client sends its result. */
@Tag("slow")
final class UnfinishedUploadTest {
  private static final String CLIENT = "anna";
  private static final String RECIPE =
      """
      name = sample, seed = 7
      data { kind = digits, batch-size = 20 }
      model { kind = mlp, hidden = [1000] }
      train { learning-rate { kind = constant, initial = 0.05 } }
      prune { sparsity = 0% }
      federation { kind = fedavg, rounds = 1, cohort = 1, deadline = 60s }
      """;

  @TempDir private Path directory;

  @Test
  void upload_whoseServerIsKilled_goesOnWhereItWasAndCountsOnce() throws Exception {
    // Given
    Path recipe = Files.writeString(directory.resolve("recipe.conf"), RECIPE);
    Path out = directory.resolve("run");
    PreparedFederation federation =
        PreparedFederation.of(
            new RecipeLoader().parse("sample", RECIPE, List.of()).config(), DataHome.of(directory));
    MaskSet holds = MaskSet.dense(federation.run().layout(), federation.run().prunableIds());
    try (CrashingServer server = new CrashingServer(recipe, out, directory, "127.0.0.1:1");
        LinkThreads threads = LinkThreads.start(1)) {
      ChildJvm killed = server.start(Optional.empty());
      killed.awaitPrinted("listening", 1);
      byte[] result;
      UploadHeader header;
      try (SampleClient client = client(federation, server, threads)) {
        client.attend(1);
        Task task = client.task();
        result = client.result(holds, .01f, SampleClient.EXAMPLES);
        header = client.header(task, result).build();
        try (Upload upload = new Upload(server, header)) {
          assertThat(upload.reply().getOffset()).isZero();
          upload.chunk(result, 0);
          assertThat(upload.reply().getOffset()).isEqualTo(FileChunks.BYTES);

          // When
          killed.kill();
        }
      }
      assertThat(out.resolve("rounds/incoming").resolve(CLIENT + ".part"))
          .hasSize(FileChunks.BYTES);
      ChildJvm resumed = server.start(Optional.empty());
      resumed.awaitPrinted("listening", 2);

      // Then
      try (SampleClient client = client(federation, server, threads);
          Upload upload = new Upload(server, header)) {
        assertThat(upload.reply().getOffset()).isEqualTo(FileChunks.BYTES);
        client.attend(1);
        assertThat(client.task().getRound()).isEqualTo(header.getRound());
        upload.rest(result, FileChunks.BYTES);
        assertThat(upload.receipt().getDuplicate()).isFalse();
        assertThat(resumed.await()).as(resumed.printed()).isZero();
      }
    }
    assertThat(
            new ObjectMapper()
                .readTree(out.resolve("summary.json").toFile())
                .get("updatesAccepted")
                .asInt())
        .isEqualTo(1);
  }

  private static SampleClient client(
      PreparedFederation federation, CrashingServer server, LinkThreads threads) {
    return new SampleClient(
        federation, Link.of(LinkSettings.loopback(server.address(), CLIENT), threads));
  }

  /** An upload whose frames are sent one by one. */
  private static final class Upload implements StreamObserver<UploadReply>, AutoCloseable {
    private final ManagedChannel channel;
    private final StreamObserver<UploadFrame> out;
    private final BlockingQueue<UploadReply> replies = new LinkedBlockingQueue<>();

    Upload(CrashingServer server, UploadHeader header) {
      channel = NettyChannelBuilder.forAddress(server.address()).usePlaintext().build();
      Metadata headers = new Metadata();
      headers.put(WireKeys.CLIENT, CLIENT);
      out =
          FederationGrpc.newStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
              .upload(this);
      out.onNext(UploadFrame.newBuilder().setHeader(header).build());
    }

    void chunk(byte[] all, int offset) {
      byte[] data =
          Arrays.copyOfRange(all, offset, Math.min(all.length, offset + FileChunks.BYTES));
      out.onNext(
          UploadFrame.newBuilder()
              .setChunk(Chunk.newBuilder().setData(ByteString.copyFrom(data)))
              .build());
    }

    void rest(byte[] all, int offset) {
      for (int at = offset; at < all.length; at += FileChunks.BYTES) {
        chunk(all, at);
      }
      out.onCompleted();
    }

    UploadReply reply() throws InterruptedException {
      UploadReply reply = replies.poll(120, TimeUnit.SECONDS);
      assertThat(reply).isNotNull();
      return reply;
    }

    Receipt receipt() throws InterruptedException {
      UploadReply reply = reply();
      while (reply.hasOffset()) {
        reply = reply();
      }
      return reply.getReceipt();
    }

    @Override
    public void onNext(UploadReply reply) {
      replies.add(reply);
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }
}
