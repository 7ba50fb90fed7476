/** The API of the training service: submissions, states and requests of runs. */
package io.espalier.service;
