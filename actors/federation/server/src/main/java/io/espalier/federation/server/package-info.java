/** The federation server: offers tasks, collects results, closes rounds. */
package io.espalier.federation.server;
