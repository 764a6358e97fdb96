package main

import (
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/asynkron/protoactor-go/actor"
	"github.com/asynkron/protoactor-go/remote"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

const (
	remoteMessages = 100_000
	outstanding    = 1000
	bodyBytes      = 64
)

func startRemote() *actor.ActorSystem {
	system := actor.NewActorSystem(actor.WithLoggerFactory(silent))
	remote.NewRemote(system, remote.Configure("127.0.0.1", 0)).Start()
	return system
}

// The far process: an actor that takes items and tells how many they were, and one that answers each.
func startFar() int {
	system := startRemote()
	taken := 0
	mustSpawn(system, "sink", func(context actor.Context) {
		switch context.Message().(type) {
		case *wrapperspb.BytesValue:
			taken++
		case *emptypb.Empty:
			context.Respond(wrapperspb.Int64(int64(taken)))
			taken = 0
		}
	})
	answered := 0
	mustSpawn(system, "echo", func(context actor.Context) {
		switch message := context.Message().(type) {
		case *wrapperspb.BytesValue:
			answered++
			context.Respond(message)
		case *emptypb.Empty:
			context.Respond(wrapperspb.Int64(int64(answered)))
			answered = 0
		}
	})
	_, text, err := net.SplitHostPort(system.Address())
	if err != nil {
		panic(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return port
}

func remoteWorkload(bench string, far string) (*workload, bool) {
	switch bench {
	case "remote-flood":
		return remoteFlood(startRemote(), actor.NewPID(far, "sink")), true
	case "remote-ping-pong":
		return remotePingPong(startRemote(), actor.NewPID(far, "echo")), true
	}
	return nil, false
}

func remoteFlood(system *actor.ActorSystem, sink *actor.PID) *workload {
	return &workload{pass: func() (int, error) {
		s := &score{goal: remoteMessages}
		body := wrapperspb.Bytes(make([]byte, bodyBytes))
		for s.sent < s.goal {
			s.sent++
			system.Root.Send(sink, body)
		}
		return remoteMessages, count(system, sink, s, false)
	}}
}

func remotePingPong(system *actor.ActorSystem, echo *actor.PID) *workload {
	var played sync.WaitGroup
	var s *score
	body := wrapperspb.Bytes(make([]byte, bodyBytes))
	send := func(context actor.Context) {
		s.sent++
		context.Request(echo, body)
	}
	ping := mustSpawn(system, "ping", func(context actor.Context) {
		switch context.Message().(type) {
		case *start:
			for i := 0; i < outstanding; i++ {
				send(context)
			}
		case *wrapperspb.BytesValue:
			s.returned++
			if s.sent < s.goal {
				send(context)
			} else if s.returned == s.goal {
				played.Done()
			}
		}
	})
	return &workload{pass: func() (int, error) {
		s = &score{goal: remoteMessages}
		played.Add(1)
		system.Root.Send(ping, &start{})
		played.Wait()
		return 2 * remoteMessages, count(system, echo, s, true)
	}}
}

// Holds what the far actor has counted against what was sent to it.
func count(system *actor.ActorSystem, far *actor.PID, s *score, areAnswered bool) error {
	answer, err := system.Root.RequestFuture(far, &emptypb.Empty{}, time.Minute).Result()
	if err != nil {
		return err
	}
	if counted, ok := answer.(*wrapperspb.Int64Value); ok {
		s.arrived = int(counted.Value)
		if areAnswered {
			s.answered = s.arrived
		}
	}
	return s.check(areAnswered)
}

func mustSpawn(system *actor.ActorSystem, name string, receive actor.ReceiveFunc) *actor.PID {
	pid, err := system.Root.SpawnNamed(actor.PropsFromFunc(receive), name)
	if err != nil {
		panic(err)
	}
	return pid
}
