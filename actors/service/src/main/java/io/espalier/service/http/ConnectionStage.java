package io.espalier.service.http;

import akka.Done;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One connection: answers a request after the other, and ends where the head of the next one does
 * not come in time. Akka HTTP knows only the silence of a connection, which a client that sends a
 * byte now and then never keeps.
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
      setHandler(requests, new Requests());
      setHandler(responses, new Responses());
    }

    @Override
    public void preStart() {
      scheduleOnce(HEAD, head);
    }

    /** No head in time. */
    @Override
    public void onTimer(Object key) {
      completeStage();
    }

    private void answered(HttpResponse response) {
      answering = false;
      sending = isStreamed(response);
      push(
          responses,
          sending ? TerminationHooks.response(response, () -> sent.invoke(Done.done())) : response);
      if (isClosed(requests)) {
        completeStage();
      }
    }

    private boolean isStreamed(HttpResponse response) {
      return !response.entity().isStrict() && !isHead;
    }

    private void sent() {
      sending = false;
      awaitHead();
    }

    /** From when the answer before is sent and the server asks for the next. */
    private void awaitHead() {
      if (!sending && !answering && hasBeenPulled(requests)) {
        scheduleOnce(HEAD, head);
      }
    }

    private final class Requests extends AbstractInHandler {
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
    }

    /** The server asks for an answer while it may still send the one before. */
    private final class Responses extends AbstractOutHandler {
      @Override
      public void onPull() {
        pull(requests);
        awaitHead();
      }
    }
  }
}
