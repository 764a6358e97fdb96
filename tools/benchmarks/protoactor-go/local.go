package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/asynkron/protoactor-go/actor"
)

// As in Proto.Actor's own benchmark a message carries whom to answer.
type ball struct{ sender *actor.PID }
type start struct{}
type item struct{}
type last struct{}

// What both actors of a pair have counted, each on its own side.
type score struct {
	goal, sent, arrived, answered, returned int
	done                                    func()
}

func (s *score) check(areAnswered bool) error {
	backward := 0
	if areAnswered {
		backward = s.goal
	}
	if s.sent == s.goal && s.arrived == s.goal && s.answered == backward && s.returned == backward {
		return nil
	}
	return fmt.Errorf("of %d messages %d were sent, %d came, %d answered, %d returned",
		s.goal, s.sent, s.arrived, s.answered, s.returned)
}

type pingActor struct {
	*score
	echo *actor.PID
}

func (p *pingActor) Receive(context actor.Context) {
	switch context.Message().(type) {
	case *ball:
		if p.returned++; p.returned%batch == 0 {
			p.sendBatch(context)
		}
	case *start:
		p.sendBatch(context)
	}
}

func (p *pingActor) sendBatch(context actor.Context) {
	if p.sent == p.goal {
		p.done()
		return
	}
	message := &ball{context.Self()}
	for i := 0; i < batch; i++ {
		p.sent++
		context.Send(p.echo, message)
	}
}

type echoActor struct{ *score }

func (e *echoActor) Receive(context actor.Context) {
	if message, ok := context.Message().(*ball); ok {
		e.arrived++
		e.answered++
		context.Send(message.sender, message)
	}
}

func pingPong(system *actor.ActorSystem) *workload {
	return ofPairs(system, true, 2*pairs*messages, func(s *score) *actor.PID {
		echo := system.Root.Spawn(actor.PropsFromProducer(func() actor.Actor { return &echoActor{s} }))
		return system.Root.Spawn(actor.PropsFromProducer(func() actor.Actor { return &pingActor{s, echo} }))
	})
}

type sourceActor struct {
	*score
	sink *actor.PID
}

func (s *sourceActor) Receive(context actor.Context) {
	message, ok := context.Message().(*start)
	if !ok {
		return
	}
	for i := 0; i < burst; i++ {
		s.sent++
		context.Send(s.sink, theItem)
	}
	if s.sent < s.goal {
		context.Send(context.Self(), message)
	} else {
		context.Send(s.sink, &last{})
	}
}

var theItem = &item{}

type sinkActor struct{ *score }

func (s *sinkActor) Receive(context actor.Context) {
	switch context.Message().(type) {
	case *item:
		s.arrived++
	case *last:
		s.done()
	}
}

func flood(system *actor.ActorSystem) *workload {
	return ofPairs(system, false, pairs*messages, func(s *score) *actor.PID {
		sink := system.Root.Spawn(actor.PropsFromProducer(func() actor.Actor { return &sinkActor{s} }))
		return system.Root.Spawn(actor.PropsFromProducer(func() actor.Actor { return &sourceActor{s, sink} }))
	})
}

func ofPairs(system *actor.ActorSystem, areAnswered bool, operations int, spawn func(*score) *actor.PID) *workload {
	var played sync.WaitGroup
	scores := make([]*score, pairs)
	starters := make([]*actor.PID, pairs)
	for i := range scores {
		scores[i] = &score{done: played.Done}
		starters[i] = spawn(scores[i])
	}
	return &workload{pass: func() (int, error) {
		played.Add(pairs)
		for i, starter := range starters {
			scores[i].goal += messages
			system.Root.Send(starter, &start{})
		}
		played.Wait()
		for _, s := range scores {
			if err := s.check(areAnswered); err != nil {
				return 0, err
			}
		}
		return operations, nil
	}}
}

type question struct{}
type reply struct{}

func ask(system *actor.ActorSystem) *workload {
	s := &score{}
	answerer := system.Root.Spawn(actor.PropsFromFunc(func(context actor.Context) {
		if _, ok := context.Message().(*question); ok {
			s.arrived++
			s.answered++
			context.Respond(&reply{})
		}
	}))
	return &workload{pass: func() (int, error) {
		for s.goal += asks; s.sent < s.goal; s.returned++ {
			s.sent++
			if _, err := system.Root.RequestFuture(answerer, &question{}, 5*time.Second).Result(); err != nil {
				return 0, err
			}
		}
		return asks, s.check(true)
	}}
}

func crowd(system *actor.ActorSystem, count int) *workload {
	var starting, stopping sync.WaitGroup
	pids := make([]*actor.PID, count)
	props := actor.PropsFromProducer(func() actor.Actor { return &idleActor{&starting, &stopping} })
	return &workload{
		pass: func() (int, error) {
			starting.Add(count)
			stopping.Add(count)
			for i := range pids {
				pids[i] = system.Root.Spawn(props)
			}
			starting.Wait()
			return count, nil
		},
		clear: func() {
			for i, pid := range pids {
				system.Root.Stop(pid)
				pids[i] = nil
			}
			stopping.Wait()
		},
	}
}

type idleActor struct{ starting, stopping *sync.WaitGroup }

func (i *idleActor) Receive(context actor.Context) {
	switch context.Message().(type) {
	case *actor.Started:
		i.starting.Done()
	case *actor.Stopped:
		i.stopping.Done()
	}
}

type cover struct{ first, size int }

var skynetActors atomic.Int64
var skynetProps *actor.Props

type skynetActor struct {
	sum, missing int
	asker        *actor.PID
}

func (s *skynetActor) Receive(context actor.Context) {
	switch message := context.Message().(type) {
	case *actor.Started:
		skynetActors.Add(1)
	case *actor.Stopped:
		skynetActors.Add(-1)
	case *cover:
		s.cover(context, message)
	case int:
		s.sum += message
		if s.missing--; s.missing == 0 {
			context.Send(s.asker, s.sum)
			context.Stop(context.Self())
		}
	}
}

func (s *skynetActor) cover(context actor.Context, message *cover) {
	if message.size == 1 {
		context.Respond(message.first)
		context.Stop(context.Self())
		return
	}
	s.missing = branches
	s.asker = context.Sender()
	part := message.size / branches
	for i := 0; i < branches; i++ {
		context.Request(context.Spawn(skynetProps), &cover{message.first + i*part, part})
	}
}

func skynet(system *actor.ActorSystem) *workload {
	skynetProps = actor.PropsFromProducer(func() actor.Actor { return &skynetActor{} })
	return &workload{
		pass: func() (int, error) {
			top := system.Root.Spawn(skynetProps)
			sum, err := system.Root.RequestFuture(top, &cover{0, skynetLeaves}, time.Minute).Result()
			if expected := skynetLeaves * (skynetLeaves - 1) / 2; err == nil && sum != expected {
				err = fmt.Errorf("the sum is %v instead of %d", sum, expected)
			}
			return skynetLeaves, err
		},
		clear: func() {
			for skynetActors.Load() > 0 {
				time.Sleep(time.Millisecond)
			}
		},
	}
}
