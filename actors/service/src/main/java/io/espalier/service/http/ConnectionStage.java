package io.espalier.service.http;

import akka.Done;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.javadsl.Source;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One connection: answers one request after the other, and ends if the head of the next one does
 * not arrive in time. Akka HTTP limits only the silence of a connection, which a client that sends
 * a byte now and then never keeps.
 */
final class ConnectionStage extends GraphStage<FlowShape<HttpRequest, HttpResponse>> {
  private final Inlet<HttpRequest> requests = Inlet.create("requests");
  private final Outlet<HttpResponse> responses = Outlet.create("responses");
  private final FlowShape<HttpRequest, HttpResponse> shape = FlowShape.of(requests, responses);
  private final Function<HttpRequest, CompletionStage<HttpResponse>> handler;
  private final Duration head;

  ConnectionStage(Function<HttpRequest, CompletionStage<HttpResponse>> handler, Duration head) {
    this.handler = handler;
    this.head = head;
  }

  @Override
  public FlowShape<HttpRequest, HttpResponse> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private static final Object HEAD = "head";

    private final AsyncCallback<HttpResponse> answered = createAsyncCallback(this::answered);
    private final AsyncCallback<Done> sent = createAsyncCallback(done -> sent());
    private boolean answering;
    private boolean sending;
    private boolean isHead;

    Logic() {
      super(shape);
      setHandler(
          requests,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              cancelTimer(HEAD);
              HttpRequest request = grab(requests);
              answering = true;
              isHead = request.method().equals(HttpMethods.HEAD);
              handler.apply(request).thenAccept(answered::invoke);
            }

            @Override
            public void onUpstreamFinish() {
              if (!answering) {
                completeStage();
              }
            }
          });
      setHandler(
          responses,
          new AbstractOutHandler() {
            /** The server asks for an answer while it may still send the one before. */
            @Override
            public void onPull() {
              pull(requests);
              awaitHead();
            }
          });
    }

    @Override
    public void preStart() {
      scheduleOnce(HEAD, head);
    }

    @Override
    public void onTimer(Object key) {
      completeStage();
    }

    private void answered(HttpResponse response) {
      answering = false;
      sending = !response.entity().isStrict() && !isHead;
      push(responses, sending ? observed(response) : response);
      if (isClosed(requests)) {
        completeStage();
      }
    }

    private void sent() {
      sending = false;
      awaitHead();
    }

    /** The time starts when the previous answer is sent and the server requests the next head. */
    private void awaitHead() {
      if (!sending && !answering && hasBeenPulled(requests)) {
        scheduleOnce(HEAD, head);
      }
    }

    /** The same answer, which reports the end of its body. */
    private HttpResponse observed(HttpResponse response) {
      HttpEntity entity = response.entity();
      Source<ByteString, ?> bytes =
          entity
              .getDataBytes()
              .watchTermination(
                  (made, done) -> {
                    done.whenComplete((end, failure) -> sent.invoke(Done.done()));
                    return made;
                  });
      return entity.getContentLengthOption().isPresent()
          ? response.withEntity(
              HttpEntities.create(
                  entity.getContentType(), entity.getContentLengthOption().getAsLong(), bytes))
          : response.withEntity(HttpEntities.create(entity.getContentType(), bytes));
    }
  }
}
